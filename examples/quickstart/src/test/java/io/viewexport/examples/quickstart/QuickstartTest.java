// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickstartTest {
  @TempDir private Path folder = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return new Quickstart(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            ProgressDisplay.Form.PLAIN,
            new Interruption())
        .run(List.of(args));
  }

  private int runOnTestDatabase(String view, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("--jdbc", TestDatabase.jdbcUrl(), "--view", view, "--out", table().toString()));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  private Path table() {
    return folder.resolve("table");
  }

  private List<String> errorLines() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<String> outLines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void helpTellsTheOptions() {
    assertThat(run("--help")).isZero();
    assertThat(outLines()).anyMatch(line -> line.contains("--create-view"));
    assertThat(errorLines()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--chunks=0, 2",
    "--view=x, 2",
    "--since=2026-01-31T00:00:00Z, 1",
    "--merge-mode=history, 1"
  })
  void whatCannotBeAskedForEndsWithOneLine(String argument, int status) {
    assertThat(run(argument)).isEqualTo(status);
    assertThat(errorLines()).hasSize(1);
  }

  @Test
  void aViewIsExportedAndTheLastLinesSayWhatBecameOfIt() throws Exception {
    TestDatabase.empty();
    TestDatabase.execute(
        "create view public.v as select g::text as id, g * 2 as twice from generate_series(1, 500) g");
    assertThat(runOnTestDatabase("public.v", "--chunks", "3")).isZero();
    List<String> lines = outLines();
    assertThat(lines).anyMatch(line -> line.startsWith("Advice: No primary key or unique index"));
    List<String> last = lines.subList(lines.size() - 3, lines.size());
    assertThat(last.get(0)).isEqualTo("rows: 500");
    assertThat(last.get(1)).isEqualTo("table: " + table());
    assertThat(last.get(2)).matches("seconds: [0-9]+\\.[0-9]");
    assertThat(lines).anyMatch(line -> line.startsWith("id") && line.contains("twice"));
    assertThat(errorLines()).isEmpty();
    TablePreview preview = TablePreview.read(table(), 1_000);
    assertThat(preview.rows())
        .hasSize(500)
        .allSatisfy(
            row ->
                assertThat(row.get(1))
                    .isEqualTo(Integer.toString(2 * Integer.parseInt(row.get(0)))));
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(table());
    }
  }

  @Test
  void theSameAgainChangesNothing() throws Exception {
    TestDatabase.empty();
    TestDatabase.execute("create view public.v as select 1::text as id, timestamptz 'epoch' as t");
    for (String mode : List.of("insert", "upsert", "replace")) {
      assertThat(runOnTestDatabase("public.v", "--timestamp", "t", "--merge-mode", mode))
          .as(mode)
          .isZero();
    }
    assertThat(TablePreview.read(table(), 10).rows()).hasSize(1);
  }

  @Test
  void jobsAreKeptInTheDatabaseOnlyWhenAskedFor() throws Exception {
    TestDatabase.empty();
    TestDatabase.execute("drop schema if exists viewexport cascade");
    TestDatabase.execute("create view public.v as select 1::text as id");
    assertThat(runOnTestDatabase("public.v")).isZero();
    String schema = "select count(*) from pg_namespace where nspname = 'viewexport'";
    assertThat(TestDatabase.query(schema)).containsExactly("0");
    assertThat(runOnTestDatabase("public.v", "--store", "postgres")).isZero();
    assertThat(TestDatabase.query(schema)).containsExactly("1");
  }

  @Test
  void aViewThatFailsHalfWayLeavesNoTable() throws Exception {
    TestDatabase.empty();
    TestDatabase.execute(
        "create view public.v as select g::text as id, 1 / (g - 400) as x"
            + " from generate_series(1, 500) g");
    assertThat(runOnTestDatabase("public.v")).isEqualTo(1);
    assertThat(errorLines()).hasSize(1);
    assertThat(table()).doesNotExist();
  }

  @Test
  void aMissingViewAndAMissingKeyAreRefused() throws Exception {
    TestDatabase.empty();
    assertThat(runOnTestDatabase("public.nothing")).isEqualTo(1);
    TestDatabase.execute("create view public.v as select 1 as number");
    assertThat(runOnTestDatabase("public.v")).isEqualTo(1);
    assertThat(errorLines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("The export is refused: "));
    assertThat(table()).doesNotExist();
  }
}
