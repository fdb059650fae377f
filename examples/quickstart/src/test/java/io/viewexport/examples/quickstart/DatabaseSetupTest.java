// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static io.viewexport.examples.quickstart.TestDatabase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseSetupTest {
  @TempDir private Path folder = Path.of("");
  private DatabaseSetup setup = new DatabaseSetup(TestDatabase.source());

  @BeforeEach
  void begin() throws SQLException {
    setup = TestDatabase.empty();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
  }

  @Test
  void typesMayMixAndEachHasItsTable() throws Exception {
    Path mixed =
        file(
            "mixed.ndjson",
            """
            {"resourceType":"Patient","id":"1","name":[{"family":"O\\"Neil\\\\\\t\\u00e9"}]}

            {"resourceType":"MedicationRequest","id":"1"}
            {"resourceType":"Patient","id":"2","contained":[{"resourceType":"Group","id":"x"}]}
            """);
    assertThat(setup.load(List.of(mixed)))
        .isEqualTo(Map.of("patient", 2L, "medicationrequest", 1L));
    assertThat(query("select id, resource #>> '{name,0,family}' from public.patient order by id"))
        .containsExactly("1|O\"Neil\\\té", "2|null");
    assertThat(query("select resource ->> 'id' from public.medicationrequest"))
        .containsExactly("1");
  }

  @Test
  void aRepeatedIdReplacesWithinAFileAcrossFilesAndLater() throws Exception {
    Path first = file("a.ndjson", patient("1", "a") + patient("2", "b") + patient("1", "c"));
    Path second = file("b.ndjson", patient("2", "d") + patient("3", "e"));
    setup.load(List.of(first, second));
    String all = "select id, resource ->> 'gender' from public.patient order by id";
    assertThat(query(all)).containsExactly("1|c", "2|d", "3|e");
    setup.load(List.of(file("c.ndjson", patient("3", "f") + patient("4", "g"))));
    assertThat(query(all)).containsExactly("1|c", "2|d", "3|f", "4|g");
  }

  private static String patient(String id, String gender) {
    return "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"gender\":\"%s\"}\n".formatted(id, gender);
  }

  @Test
  void byteOrderMarkAndWindowsLineEndsAreNoTrouble() throws Exception {
    setup.load(List.of(file("a.ndjson", "\uFEFF" + patient("1", "a").replace("\n", "\r\n"))));
    assertThat(query("select id from public.patient")).containsExactly("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "Jane Doe ~ not valid JSON",
        "[\"Jane Doe\"] ~ no JSON object",
        "{\"resourceType\":\"Patient\",\"id\":\"Jane Doe\" ~ not valid JSON",
        "{\"resourceType\":\"Patient\",\"id\":\"1\"} Jane Doe ~ not valid JSON",
        "{\"resourceType\":\"Patient\",\"id\":\"1\"} {\"a\":\"Jane Doe\"} ~ something follows",
        "{\"id\":\"Jane Doe\"} ~ needs a resourceType",
        "{\"resourceType\":\"Jane Doe\",\"id\":\"1\"} ~ needs a resourceType",
        "{\"resourceType\":\"x\\\"; drop table Jane Doe\",\"id\":\"1\"} ~ needs a resourceType",
        "{\"resourceType\":\"Patient\",\"name\":\"Jane Doe\"} ~ needs an id",
        "{\"resourceType\":\"Patient\",\"id\":7} ~ needs an id",
        "{\"resourceType\":\"Patient\",\"id\":\"1\",\"a\":\"Jane\\u0000Doe\"} ~ \\u0000",
        "{\"resourceType\":\"Patient\",\"id\":\"1\",\"Jane\\u0000Doe\":1} ~ \\u0000",
        "{\"resourceType\":\"Patient\",\"id\":\"1\",\"a\":\"Jane\\ud800Doe\"} ~ half a character"
      })
  void aBadLineIsNamedButNotShownAndNothingIsStored(String line, String reason) throws Exception {
    Path bad = file("bad.ndjson", patient("1", "a") + line + "\n" + patient("2", "b"));
    assertThatThrownBy(() -> setup.load(List.of(bad)))
        .isInstanceOf(QuickstartException.class)
        .message()
        .startsWith(bad + ", line 2: ")
        .contains(reason)
        .doesNotContain("Jane")
        .doesNotContain("\n");
    assertThat(query("select to_regclass('public.patient')")).containsExactly("null");
  }

  @Test
  void aPairOfSurrogatesIsOneCharacter() throws Exception {
    setup.load(List.of(file("a.ndjson", patient("1", "\\ud83d\\ude00"))));
    assertThat(query("select resource ->> 'gender' from public.patient"))
        .containsExactly("\uD83D\uDE00");
  }

  @Test
  void whatOnlyPostgresRefusesIsNarrowedDownToLines() throws Exception {
    Path bad =
        file(
            "bad.ndjson",
            patient("1", "a")
                + "{\"resourceType\":\"Observation\",\"id\":\"1\",\"value\":1e999999}\n");
    assertThatThrownBy(() -> setup.load(List.of(bad)))
        .isInstanceOf(QuickstartException.class)
        .hasMessageContaining("line 2")
        .message()
        .doesNotContain("999999");
  }

  @Test
  void filesThatAreNotThereOrNotTextAreNamed() throws Exception {
    assertThatThrownBy(() -> setup.load(List.of(folder.resolve("none.ndjson"))))
        .isInstanceOf(QuickstartException.class)
        .hasMessageContaining("none.ndjson does not exist");
    assertThatThrownBy(() -> setup.load(List.of(folder))).isInstanceOf(QuickstartException.class);
    Path latin = Files.write(folder.resolve("l.ndjson"), new byte[] {'{', (byte) 0xE9, '}', '\n'});
    assertThatThrownBy(() -> setup.load(List.of(latin)))
        .isInstanceOf(QuickstartException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void aTableOfAnotherFormIsLeftAlone() throws Exception {
    TestDatabase.execute("create table public.patient (id int primary key, data text)");
    Path file = file("a.ndjson", patient("1", "a"));
    assertThatThrownBy(() -> setup.load(List.of(file)))
        .isInstanceOf(QuickstartException.class)
        .hasMessageContaining("The resources were not loaded");
    assertThat(query("select count(*) from public.patient")).containsExactly("0");
  }

  @Test
  void aScriptRunsAsItStandsInOneTransaction() throws Exception {
    setup.load(List.of(file("a.ndjson", patient("1", "a"))));
    setup.runScript(
        file(
            "view.sql",
            """
            -- a comment; with a semicolon
            create view sof.p as select id, resource ? 'gender' as has from public.patient;
            do $$ begin perform 1; end $$;
            create view sof.q as select '{d}' as brace, 'x;y' as two from public.patient
            """));
    assertThat(query("select * from sof.p")).containsExactly("1|t");
    assertThat(query("select * from sof.q")).containsExactly("{d}|x;y");
  }

  @Test
  void aScriptThatFailsLeavesNothing() throws Exception {
    Path script = file("view.sql", "create view sof.p as select 1 as id; select 'Jane' / 0;");
    assertThatThrownBy(() -> setup.runScript(script))
        .isInstanceOf(QuickstartException.class)
        .message()
        .startsWith("view.sql was not run: ")
        .doesNotContain("Jane")
        .doesNotContain("\n");
    assertThat(query("select to_regnamespace('sof')")).containsExactly("null");
  }
}
