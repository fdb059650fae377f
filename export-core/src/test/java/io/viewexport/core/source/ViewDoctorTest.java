// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.view.ViewAdvice;
import io.viewexport.api.view.ViewName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewDoctorTest {
  private final String schema = TestDatabase.newSchema();

  @BeforeEach
  void makeTables() {
    TestDatabase.execute(
        "create table " + schema + ".doc (id text primary key, resource jsonb, at timestamptz)",
        "create table " + schema + ".loose (id text, \"Doc\" jsonb, at timestamp)",
        "create function " + schema + ".dice() returns int language sql volatile as 'select 4'");
  }

  private List<String> codes(String select) {
    TestDatabase.execute("create view " + schema + ".v as " + select.replace("$", schema + "."));
    return TestDatabase.source()
        .adviseOn(new ViewName(schema, "v"), List.of("id"), Optional.of("at"))
        .stream()
        .map(ViewAdvice::code)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "select id, at, resource ->> 'a' a from $doc ~ ''",
        "select id, at, resource ->> 'a' a, resource #>> '{b,c}' b from $doc d"
            + " ~ document-unpacked-per-column",
        "select p.id, p.at, d.r ->> 'a' a, d.r ->> 'b' b from $doc p cross join lateral"
            + " (select p.resource || '{}' as r offset 0) d ~ ''",
        "select id, at, (select count(*) from $loose l where l.id = d.id) n from $doc d"
            + " ~ correlated-sub-select",
        "select id, at from $loose ~ key-not-proven-unique;timestamp-without-zone",
        "select lower(id) id, at from $doc ~ key-not-proven-unique",
        "select id, at, $dice() d from $doc ~ key-not-proven-unique;volatile-view",
        "select id, at, random() d from $doc ~ key-not-proven-unique;volatile-view",
        "select id, at, now() d from $doc ~ ''",
      })
  void whatIsSlowOrUnsafeIsNamed(String select, String expected) {
    assertThat(String.join(";", codes(select))).isEqualTo(expected.replace("''", ""));
  }

  @Test
  void theAdviceSaysWhere() {
    TestDatabase.execute(
        "create view "
            + schema
            + ".w as select id, at, \"Doc\" -> 'a' a, \"Doc\" -> 'b' b, \"Doc\" -> 'c' c from "
            + schema
            + ".loose");
    assertThat(
            TestDatabase.source()
                .adviseOn(new ViewName(schema, "w"), List.of("id"), Optional.empty()))
        .extracting(ViewAdvice::message)
        .anyMatch(message -> message.contains("\"Doc\" (3 times)"))
        .anyMatch(message -> message.contains("(id)"));
  }

  @Test
  void aTableWithAPrimaryKeyNeedsNone() {
    assertThat(
            TestDatabase.source()
                .adviseOn(new ViewName(schema, "doc"), List.of("id"), Optional.of("at")))
        .isEmpty();
    TestDatabase.execute("create unique index on " + schema + ".loose (id, at)");
    assertThat(
            TestDatabase.source()
                .adviseOn(new ViewName(schema, "loose"), List.of("at", "id"), Optional.empty()))
        .isEmpty();
  }
}
