// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.source.PostgresSourceConfig.OutOfRange;
import io.viewexport.core.source.PostgresSourceConfig.UnconstrainedNumeric;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypesTest {
  private String schema = "";

  @BeforeEach
  void makeSchema() {
    schema = TestDatabase.newSchema();
  }

  private List<Object> values(String type, String... literals) {
    return values(PostgresSourceConfig.DEFAULT, type, literals);
  }

  private List<Object> values(PostgresSourceConfig config, String type, String... literals) {
    StringBuilder view = new StringBuilder("create view " + schema + ".v as select x::" + type);
    view.append(" as x from (values (0, null::text)");
    for (int i = 0; i < literals.length; i++) {
      String literal = literals[i].replace("'", "''").replace("\\", "\\\\");
      view.append(", (").append(i + 1).append(", E'").append(literal).append("')");
    }
    TestDatabase.execute(view.append(") v(n, x) order by n").toString());
    PostgresViewSource source = PostgresViewSource.create(TestDatabase.dataSource(), config);
    List<Object> all =
        TestDatabase.readAll(source, schema, "v").stream().map(row -> row.get(0)).toList();
    assertThat(all.get(0)).isEqualTo("NULL");
    return all.subList(1, all.size());
  }

  private ColumnType type() {
    return TestDatabase.source()
        .describeView(new ViewName(schema, "v"))
        .schema()
        .columns()
        .get(0)
        .type();
  }

  @Test
  void booleansAndIntegersKeepTheirLimits() {
    assertThat(values("bool", "t", "f")).containsExactly(true, false);
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("int2", "-32768", "32767", "-1")).containsExactly(-32768, 32767, -1);
    assertThat(type()).isEqualTo(ColumnType.INT);
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("int4", "-2147483648", "2147483647"))
        .containsExactly(-2147483648, 2147483647);
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("int8", "-9223372036854775808", "9223372036854775807"))
        .containsExactly(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  @Test
  void floatsKeepEveryBit() {
    assertThat(values("float4", "NaN", "Infinity", "-Infinity", "-0.0", "1e-45", "0.1"))
        .containsExactly(
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            -0.0f,
            Float.MIN_VALUE,
            0.1f);
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("float8", "NaN", "Infinity", "-Infinity", "-0.0", "4.9e-324", "0.1"))
        .containsExactly(
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            Double.MIN_VALUE,
            0.1);
  }

  @Test
  void textKeepsEveryCharacter() {
    String megabyte = "é".repeat(1 << 19);
    String[] texts = {"", "a", "😀 \"quoted\" 'single' \\ back\tslash\n", "\u0001", megabyte};
    assertThat(values("text", texts)).containsExactly((Object[]) texts);
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("varchar(3)", "abc", "")).containsExactly("abc", "");
  }

  @Test
  void charKeepsItsPadding() {
    assertThat(values("char(5)", "ab", "", "abcde")).containsExactly("ab   ", "     ", "abcde");
  }

  @Test
  void bytesKeepAll256Values() {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      hex.append(String.format("%02x", i));
    }
    assertThat(values("bytea", "\\x" + hex, "\\x")).containsExactly(hex.toString(), "");
    assertThat(type()).isEqualTo(ColumnType.BINARY);
  }

  @Test
  void datesAreProlepticGregorian() {
    assertThat(values("date", "1970-01-01", "0001-01-01", "9999-12-31", "1582-10-10", "1969-12-31"))
        .containsExactly(
            LocalDate.EPOCH,
            LocalDate.of(1, 1, 1),
            LocalDate.of(9999, 12, 31),
            LocalDate.of(1582, 10, 10),
            LocalDate.of(1969, 12, 31));
  }

  @Test
  void timestampsKeepMicrosecondsAndAreUtc() {
    Object[] expected = {
      Instant.EPOCH,
      Instant.parse("0001-01-01T00:00:00Z"),
      Instant.parse("9999-12-31T23:59:59.999999Z"),
      Instant.parse("1582-10-10T12:00:00Z"),
      Instant.parse("1969-12-31T23:59:59.999999Z"),
      Instant.parse("2024-02-29T01:02:03.000001Z")
    };
    String[] literals = {
      "1970-01-01",
      "0001-01-01",
      "9999-12-31 23:59:59.999999",
      "1582-10-10 12:00",
      "1969-12-31 23:59:59.999999",
      "2024-02-29 01:02:03.000001"
    };
    assertThat(values("timestamp", literals)).containsExactly(expected);
    TestDatabase.execute("drop view " + schema + ".v");
    for (int i = 0; i < literals.length; i++) {
      literals[i] += "+00";
    }
    assertThat(values("timestamptz", literals)).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "date '-infinity'",
        "date 'infinity'",
        "date '0001-12-31 BC'",
        "date '10000-01-01'",
        "timestamp 'infinity'",
        "timestamp '-infinity'",
        "timestamptz 'infinity'",
        "timestamptz '0001-12-31 23:59:59.999999+00 BC'",
        "timestamptz '10000-01-01 00:00+00'"
      })
  void datesOutOfRangeFailOrBecomeNull(String value) {
    TestDatabase.execute("create view " + schema + ".v as select " + value + " as \"When\"");
    assertThatThrownBy(() -> TestDatabase.readAll(TestDatabase.source(), schema, "v"))
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.PERMANENT);
              assertThat(e.code()).isEqualTo("value-out-of-range");
              assertThat(e.message()).contains("\"When\"").doesNotContain("10000");
            });
    PostgresSourceConfig nulls = PostgresSourceConfig.builder().outOfRange(OutOfRange.NULL).build();
    PostgresViewSource source = PostgresViewSource.create(TestDatabase.dataSource(), nulls);
    assertThat(TestDatabase.readAll(source, schema, "v")).containsExactly(List.of("NULL"));
  }

  @Test
  void shortDecimalsAreExact() {
    assertThat(
            values(
                "numeric(18,4)",
                "0",
                "-0.00",
                "1",
                "99999999999999.9999",
                "-99999999999999.9999",
                "0.0001",
                "10000",
                "1.5"))
        .containsExactly(
            new BigDecimal("0.0000"),
            new BigDecimal("0.0000"),
            new BigDecimal("1.0000"),
            new BigDecimal("99999999999999.9999"),
            new BigDecimal("-99999999999999.9999"),
            new BigDecimal("0.0001"),
            new BigDecimal("10000.0000"),
            new BigDecimal("1.5000"));
    assertThat(type()).isEqualTo(ColumnType.decimal(18, 4));
  }

  @Test
  void longDecimalsAreExact() {
    String nines = "9".repeat(38);
    assertThat(values("numeric(38,0)", nines, "-" + nines, "0", "10000"))
        .containsExactly(
            new BigDecimal(nines),
            new BigDecimal("-" + nines),
            new BigDecimal("0"),
            new BigDecimal("10000"));
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("numeric(38,38)", "0." + nines, "1e-38"))
        .containsExactly(new BigDecimal("0." + nines), new BigDecimal("1e-38").setScale(38));
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("numeric(30,15)", "1.5", "123456789012345.000000000000001"))
        .containsExactly(
            new BigDecimal("1.500000000000000"), new BigDecimal("123456789012345.000000000000001"));
  }

  @Test
  void oddScalesBecomeTheDecimalThatHoldsThem() {
    assertThat(values("numeric(3,-2)", "12345", "-99900"))
        .containsExactly(new BigDecimal("12300"), new BigDecimal("-99900"));
    assertThat(type()).isEqualTo(ColumnType.decimal(5, 0));
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("numeric(2,5)", "0.00012", "-0.00099"))
        .containsExactly(new BigDecimal("0.00012"), new BigDecimal("-0.00099"));
    assertThat(type()).isEqualTo(ColumnType.decimal(5, 5));
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("numeric(39,1)", "0.5")).containsExactly(0.5);
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("numeric(30,-10)", "1e12")).containsExactly(1e12);
  }

  @Test
  void decimalsThatAreNoNumbersFailNamingTheColumn() {
    for (String type : List.of("numeric(10,2)", "numeric(30,2)")) {
      TestDatabase.execute("create view " + schema + ".v as select 'NaN'::" + type + " as amount");
      assertThatThrownBy(() -> TestDatabase.readAll(TestDatabase.source(), schema, "v"))
          .isInstanceOfSatisfying(
              ExportException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(FailureKind.PERMANENT);
                assertThat(e.code()).isEqualTo("value-out-of-range");
                assertThat(e.message()).contains("\"amount\"").contains("NaN");
              });
      TestDatabase.execute("drop view " + schema + ".v");
    }
  }

  @Test
  void otherNumericsBecomeTheNearestDouble() {
    String[] literals = {
      "0",
      "-0.00",
      "0.1",
      "-123.456",
      "9007199254740993",
      "0.30000000000000004",
      "1e22",
      "1e23",
      "123456789012345678901234567890.123456789",
      "1.7976931348623157e308",
      "1e400",
      "-1e400",
      "1e-400",
      "4.9e-324",
      "2.4703282292062328e-324",
      "NaN",
      "Infinity",
      "-Infinity",
      "1e-130",
      "70000",
      "0.00001"
    };
    Object[] expected = new Object[literals.length];
    for (int i = 0; i < literals.length; i++) {
      expected[i] = Double.parseDouble(literals[i].equals("-0.00") ? "0" : literals[i]);
    }
    assertThat(values("numeric", literals)).containsExactly(expected);
    assertThat(type()).isEqualTo(ColumnType.DOUBLE);
  }

  @Test
  void otherNumericsKeepAllDigitsAsTextWhereChosen() {
    PostgresSourceConfig text =
        PostgresSourceConfig.builder().unconstrainedNumeric(UnconstrainedNumeric.STRING).build();
    assertThat(values(text, "numeric", "1.500", "NaN", "-Infinity", "1e-5", "1e30"))
        .containsExactly("1.500", "NaN", "-Infinity", "0.00001", "1" + "0".repeat(30));
  }

  @Test
  void typesWithoutACounterpartTravelAsText() {
    assertThat(values("uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"))
        .containsExactly("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("json", "{\"a\":  1}")).containsExactly("{\"a\":  1}");
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("jsonb", "{\"b\":[1,null],  \"a\": \"é\"}"))
        .containsExactly("{\"a\": \"é\", \"b\": [1, null]}");
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("time", "23:59:59.000001")).containsExactly("23:59:59.000001");
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("timetz", "23:59:59+05:30")).containsExactly("23:59:59+05:30");
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("interval", "1 year 2 days 03:04:05.5")).containsExactly("P1Y2DT3H4M5.5S");
  }

  @Test
  void enumsAndCitextTravelAsText() {
    TestDatabase.execute(
        "create type " + schema + ".\"Mood\" as enum ('so so', 'ha\"ppy')",
        "create extension if not exists citext");
    assertThat(values(schema + ".\"Mood\"", "so so", "ha\"ppy"))
        .containsExactly("so so", "ha\"ppy");
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("citext", "MiXed")).containsExactly("MiXed");
  }

  @Test
  void arraysTravelAsJson() {
    assertThat(values("int4[]", "{1,NULL,3}", "{}", "{{1,2},{3,4}}"))
        .containsExactly("[1,null,3]", "[]", "[[1,2],[3,4]]");
    TestDatabase.execute("drop view " + schema + ".v");
    assertThat(values("text[]", "{\"a\\\"b\",NULL,\"NULL\",é}"))
        .containsExactly("[\"a\\\"b\",null,\"NULL\",\"é\"]");
    assertThat(type()).isEqualTo(ColumnType.STRING);
  }

  @Test
  void nestedDomainsAreTheirBaseType() {
    TestDatabase.execute(
        "create domain " + schema + ".money_ as numeric(10,2)",
        "create domain " + schema + ".price as " + schema + ".money_ check (value > 0)",
        "create domain " + schema + ".tags as text[]",
        "create domain " + schema + ".code as char(4)",
        "create table "
            + schema
            + ".t (p "
            + schema
            + ".price, t "
            + schema
            + ".tags, c "
            + schema
            + ".code)",
        "insert into " + schema + ".t values (1.5, '{a,b}', 'ab')");
    assertThat(TestDatabase.readAll(TestDatabase.source(), schema, "t"))
        .containsExactly(List.of(new BigDecimal("1.50"), "[\"a\",\"b\"]", "ab  "));
    assertThat(TestDatabase.source().describeView(new ViewName(schema, "t")).schema().columns())
        .extracting(ViewColumn::type)
        .containsExactly(ColumnType.decimal(10, 2), ColumnType.STRING, ColumnType.STRING);
  }

  @Test
  void roleSettingsChangeNoValue() {
    String role = "odd_" + schema;
    TestDatabase.execute(
        "create role " + role + " login",
        "grant usage on schema " + schema + " to " + role,
        "alter role " + role + " set DateStyle = 'SQL, DMY'",
        "alter role " + role + " set TimeZone = 'Asia/Kolkata'",
        "alter role " + role + " set IntervalStyle = 'postgres_verbose'",
        "alter role " + role + " set extra_float_digits = -15",
        "alter role " + role + " set bytea_output = 'escape'",
        "create view "
            + schema
            + ".v as select timestamp '2024-05-06 07:08:09' a, timestamptz '2024-05-06 07:08:09+00'"
            + " b, interval '1 day' c, array[timestamptz '2024-05-06 07:08:09+00'] d,"
            + " array[float8 '0.1'] e, array[bytea '\\x00ff'] f, array[date '2024-05-06'] g,"
            + " date '2024-05-06' h, array[interval '1 day'] i",
        "grant select on " + schema + ".v to " + role);
    PostgresViewSource odd = PostgresViewSource.create(TestDatabase.dataSource(role));
    assertThat(TestDatabase.readAll(odd, schema, "v"))
        .isEqualTo(TestDatabase.readAll(TestDatabase.source(), schema, "v"))
        .containsExactly(
            List.of(
                Instant.parse("2024-05-06T07:08:09Z"),
                Instant.parse("2024-05-06T07:08:09Z"),
                "P1D",
                "[\"2024-05-06T07:08:09+00:00\"]",
                "[0.1]",
                "[\"\\\\x00ff\"]",
                "[\"2024-05-06\"]",
                LocalDate.of(2024, 5, 6),
                "[\"P1D\"]"));
  }
}
