// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
  private static final String BASE =
      "--jdbc jdbc:postgresql://db/fhir?password=one --view sof.p --out /data/t --timestamp ts";

  private static String key(String line) {
    return key(line, Path.of("/home/me"));
  }

  private static String key(String line, Path directory) {
    return IdempotencyKey.of(ArgumentParser.parse(List.of(line.split(" ")), directory));
  }

  @Test
  void staysTheSameFromReleaseToRelease() {
    assertThat(key(BASE))
        .isEqualTo("85206c621de9ff39abc98a4fa6b8fef61d7387eab3d0932a4bfab7a779bacffc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--jdbc jdbc:postgresql://db/fhir?password=two --view sof.p --out /data/t --timestamp ts",
        "--timestamp ts --out /data/x/../t --view sof.p --jdbc jdbc:postgresql://other/fhir",
        BASE + " --merge-mode insert --chunks 4 --key id --store postgres",
        BASE + " --create-view v.sql --resources a.ndjson"
      })
  void isTheSameForTheSameExport(String line) {
    assertThat(key(line)).isEqualTo(key(BASE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--chunks 5",
        "--key a,b",
        "--merge-mode replace",
        "--merge-mode upsert",
        "--since 2026-01-31T00:00:00Z"
      })
  void isAnotherForAnotherExport(String option) {
    assertThat(key(BASE + " " + option)).isNotEqualTo(key(BASE));
  }

  @Test
  void viewTargetTimestampAndColumnBordersCount() {
    assertThat(key(BASE.replace("sof.p", "sof.q"))).isNotEqualTo(key(BASE));
    assertThat(key(BASE.replace("/data/t", "/data/u"))).isNotEqualTo(key(BASE));
    assertThat(key(BASE.replace(" --timestamp ts", ""))).isNotEqualTo(key(BASE));
    assertThat(key(BASE + " --key a,bc")).isNotEqualTo(key(BASE + " --key ab,c"));
  }

  @Test
  void aRelativeTargetMeansTheFolderItIsIn() {
    String relative = BASE.replace("/data/t", "t");
    assertThat(key(relative, Path.of("/data"))).isEqualTo(key(BASE));
    assertThat(key(relative, Path.of("/other"))).isNotEqualTo(key(BASE));
  }
}
