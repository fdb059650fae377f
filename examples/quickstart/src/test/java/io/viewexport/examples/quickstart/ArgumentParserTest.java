// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ViewName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentParserTest {
  private static final Path HERE = Path.of("/home/me");
  private static final String FOREIGN =
      "--jdbc jdbc:postgresql://db/fhir?user=u&password=secret --view sof.p --out t";

  private static Arguments parse(String line) {
    List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" "));
    return ArgumentParser.parse(words, HERE);
  }

  @Test
  void noArgumentsMeanTheSample() {
    Arguments arguments = parse("");
    assertThat(arguments.database()).isEmpty();
    assertThat(arguments.view()).isEqualTo(new ViewName("sof", "observation_flat"));
    assertThat(arguments.target())
        .isEqualTo(Path.of("/home/me/viewexport-quickstart/observation_flat"));
    assertThat(arguments.sampleRows()).isEqualTo(100_000);
    assertThat(arguments.needsSamples()).isTrue();
    assertThat(arguments.store()).isEqualTo(StoreKind.POSTGRES);
    assertThat(arguments.key()).containsExactly("id");
    assertThat(arguments.effectiveMode()).isEqualTo(MergeMode.INSERT);
  }

  @Test
  void everyOptionIsRead() {
    Arguments arguments =
        parse(
            FOREIGN
                + " --chunks 8 --key a,b --timestamp ts --merge-mode history"
                + " --since 2026-01-31T00:00:00+01:00 --store postgres"
                + " --resources a.ndjson --resources /b.ndjson --create-view v.sql");
    assertThat(arguments.database()).isPresent();
    assertThat(arguments.target()).isEqualTo(Path.of("/home/me/t"));
    assertThat(arguments.chunks()).isEqualTo(8);
    assertThat(arguments.key()).containsExactly("a", "b");
    assertThat(arguments.timestamp()).contains("ts");
    assertThat(arguments.mergeMode()).contains(MergeMode.HISTORY);
    assertThat(arguments.since()).contains(Instant.parse("2026-01-30T23:00:00Z"));
    assertThat(arguments.store()).isEqualTo(StoreKind.POSTGRES);
    assertThat(arguments.resources())
        .containsExactly(Path.of("/home/me/a.ndjson"), Path.of("/b.ndjson"));
    assertThat(arguments.viewScript()).contains(Path.of("/home/me/v.sql"));
    assertThat(arguments.needsSamples()).isFalse();
  }

  @Test
  void nothingIsKeptInAForeignDatabaseUnlessAskedFor() {
    assertThat(parse(FOREIGN).store()).isEqualTo(StoreKind.MEMORY);
  }

  @Test
  void sinceMakesUpsertTheMode() {
    assertThat(parse("--timestamp t --since 2026-01-31T00:00:00Z").effectiveMode())
        .isEqualTo(MergeMode.UPSERT);
  }

  @Test
  void aValueMayFollowAnEqualsSign() {
    assertThat(parse("--chunks=3 --rows=5").chunks()).isEqualTo(3);
    assertThat(parse("--chunks=3 --rows=5").sampleRows()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "observation_flat",
        "--nonsense 1",
        "--chunks",
        "--chunks 0",
        "--chunks many",
        "--chunks 1000",
        "--chunks 1 --chunks 2",
        "--merge-mode sometimes",
        "--since yesterday --timestamp t",
        "--store disk",
        "--key a,,b",
        "--view observation_flat",
        "--out s3://bucket/table",
        "--out file:/table",
        "--out a\tb",
        "--jdbc jdbc:mysql://db/fhir --view a.b --out t",
        "--jdbc jdbc:postgresql://db/fhir --out t",
        "--jdbc jdbc:postgresql://db/fhir --view a.b",
        "--resources a.ndjson",
        "--create-view v.sql",
        "--rows 5 --resources a.ndjson --view a.b"
      })
  void wrongUsageIsToldInOneLine(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(UsageException.class)
        .message()
        .isNotBlank()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--since 2026-01-31T00:00:00Z",
        "--merge-mode upsert",
        "--merge-mode history",
        "--since 2026-01-31T00:00:00Z --merge-mode insert"
      })
  void whatNeedsATimestampIsRefusedWithout(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(QuickstartException.class)
        .hasMessageContaining("--timestamp");
    assertThat(parse(line + " --timestamp t").timestamp()).contains("t");
  }

  @Test
  void thePasswordIsNotShown() {
    assertThat(parse(FOREIGN).toString()).doesNotContain("secret");
    assertThatThrownBy(() -> parse("--view a.b secret")).message().doesNotContain("secret");
  }
}
