// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs as by a schedule: each begins where the last one said. */
class SinceFileTest {
  @TempDir private Path folder = Path.of("");
  private String said = "";

  @BeforeEach
  void fill() throws SQLException {
    TestDatabase.empty();
    TestDatabase.execute(
        """
        create table public.t (id int primary key, n int, changed timestamptz);
        insert into public.t select g, 0, now() - interval '1 day' from generate_series(1, 50) g;
        create view public.v as select id::text as id, n, changed from public.t;
        """);
  }

  private int run(String view, String... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    List<String> args =
        new ArrayList<>(
            List.of("--jdbc", TestDatabase.jdbcUrl(), "--view", view, "--out", table().toString()));
    args.addAll(List.of("--timestamp", "changed", "--since-file", file().toString()));
    args.addAll(List.of(more));
    int status =
        new Quickstart(print, print, ProgressDisplay.Form.PLAIN, new Interruption()).run(args);
    said = out.toString(StandardCharsets.UTF_8);
    return status;
  }

  private Path table() {
    return folder.resolve("table");
  }

  private Path file() {
    return folder.resolve("since");
  }

  private Instant since() throws IOException {
    return Instant.parse(Files.readAllLines(file()).get(0));
  }

  private List<String> exported() throws IOException {
    TablePreview preview = TablePreview.read(table(), 1000);
    int id = preview.columns().indexOf("id");
    int n = preview.columns().indexOf("n");
    return preview.rows().stream().map(row -> row.get(id) + "|" + row.get(n)).sorted().toList();
  }

  private static List<String> source() throws SQLException {
    return TestDatabase.query("select id, n from public.v").stream().sorted().toList();
  }

  @Test
  void eachRunExportsWhatChangedSinceTheLast() throws Exception {
    assertThat(run("public.v")).as(said).isZero();
    assertThat(said).contains("rows: 50", "next since: " + since());
    assertThat(since()).isBetween(Instant.now().minus(Duration.ofHours(1)), Instant.now());

    TestDatabase.execute("update public.t set n = 1, changed = now() where id <= 3");
    TestDatabase.execute("insert into public.t values (51, 2, now())");
    assertThat(run("public.v")).as(said).isZero();
    assertThat(said).contains("rows: 4");
    assertThat(exported()).isEqualTo(source());

    Instant before = since();
    TestDatabase.execute("alter table public.t rename column n to m");
    TestDatabase.execute(
        "create or replace view public.v as select id::text, 1/(m-m) n, changed from public.t");
    assertThat(run("public.v")).as(said).isEqualTo(1);
    assertThat(since()).as("after a failure").isEqualTo(before);
    TestDatabase.execute(
        "create or replace view public.v as select id::text, m n, changed from public.t");
    assertThat(run("public.v")).as(said).isZero();
    assertThat(since()).isAfterOrEqualTo(before);
    assertThat(exported()).isEqualTo(source());
  }

  @Test
  void whatCanNotBeKnownLeavesTheFileAsItWas() throws Exception {
    TestDatabase.execute("create materialized view public.m as select * from public.v");
    assertThat(run("public.m")).as(said).isZero();
    assertThat(said).contains("next since: as before", "(materialized-view)");
    assertThat(file()).doesNotExist();
    assertThat(run("public.m")).as(said).isZero();
    assertThat(said).contains("rows: 50");
  }

  @Test
  void aTableThatIsGoneIsExportedAnew() throws Exception {
    assertThat(run("public.v")).as(said).isZero();
    Files.move(table(), folder.resolve("elsewhere"));
    assertThat(run("public.v")).as(said).isZero();
    assertThat(said).contains("rows: 50");
    assertThat(exported()).isEqualTo(source());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2026-01-31T00:00:00Z\npublic.other\n/x\n", "never\npublic.v\nTABLE\n"})
  void aFileOfAnotherExportIsRefused(String content) throws Exception {
    String text = content.replace("TABLE", table().toString());
    Files.writeString(file(), text);
    Files.createDirectories(table().resolve("_delta_log"));
    assertThat(run("public.v")).isEqualTo(1);
    assertThat(said).contains("since");
    assertThat(file()).hasContent(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--merge-mode=insert", "--since=2026-01-31T00:00:00Z"})
  void whatMakesNoSenseBesideItIsRefused(String argument) {
    assertThat(run("public.v", argument)).isPositive();
    assertThat(said).contains("--since-file").hasLineCount(1);
    assertThat(table()).doesNotExist();
  }
}
