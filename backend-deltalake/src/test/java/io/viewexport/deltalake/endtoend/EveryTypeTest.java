// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.MergeMode;
import io.viewexport.core.source.PostgresSourceConfig;
import io.viewexport.core.source.PostgresSourceConfig.OutOfRange;
import io.viewexport.core.source.PostgresSourceConfig.UnconstrainedNumeric;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each type of PostgreSQL and its edges, as Spark sees them in the table. */
class EveryTypeTest {
  private static final String NINES = "9".repeat(38);
  private static final String MEGABYTE = "é".repeat(1 << 19);

  private static final String[] TIMES = {
    "1970-01-01 00:00:00", "1970-01-01 00:00:00",
    "0001-01-01 00:00:00", "0001-01-01 00:00:00",
    "9999-12-31 23:59:59.999999", "9999-12-31 23:59:59.999999",
    "1582-10-04 23:59:59", "1582-10-04 23:59:59",
    "1582-10-10 12:00:00", "1582-10-10 12:00:00",
    "1582-10-15 00:00:00", "1582-10-15 00:00:00",
    "1969-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999",
    "2024-02-29 01:02:03.000001", "2024-02-29 01:02:03.000001",
    "2024-02-29 01:02:03.12", "2024-02-29 01:02:03.12",
    "1900-01-01 00:00:00.5", "1900-01-01 00:00:00.5"
  };

  @TempDir Path folder = Path.of("");
  private String schema = "";

  @BeforeEach
  void makeSchema() {
    schema = SourceDatabase.newSchema();
  }

  private List<TypeColumn> columns() {
    List<TypeColumn> columns = new ArrayList<>();
    columns.addAll(numbers());
    columns.addAll(decimals());
    columns.addAll(texts());
    columns.addAll(times());
    columns.addAll(domains());
    return columns;
  }

  private static List<TypeColumn> numbers() {
    return List.of(
        TypeColumn.same("bool", "bool", "BOOLEAN", "true", "false"),
        TypeColumn.same("int2", "int2", "INT", "-32768", "32767", "0", "-1"),
        TypeColumn.same("int4", "int4", "INT", "-2147483648", "2147483647", "0"),
        TypeColumn.same(
            "int8", "int8", "BIGINT", "-9223372036854775808", "9223372036854775807", "0"),
        TypeColumn.of(
            "float4",
            "float4",
            "FLOAT",
            "NaN",
            "NaN",
            "Infinity",
            "Infinity",
            "-Infinity",
            "-Infinity",
            "-0",
            "-0.0",
            "0",
            "0.0",
            "1e-45",
            "1.4E-45",
            "3.4028235e38",
            "3.4028235E38",
            "0.1",
            "0.1",
            "16777217",
            "1.6777216E7"),
        TypeColumn.of(
            "float8",
            "float8",
            "DOUBLE",
            "NaN",
            "NaN",
            "Infinity",
            "Infinity",
            "-Infinity",
            "-Infinity",
            "-0",
            "-0.0",
            "0",
            "0.0",
            "5e-324",
            "4.9E-324",
            "1.7976931348623157e308",
            "1.7976931348623157E308",
            "0.1",
            "0.1",
            "0.30000000000000004",
            "0.30000000000000004",
            "-123456.789",
            "-123456.789"));
  }

  private static List<TypeColumn> decimals() {
    return List.of(
        TypeColumn.of(
            "short",
            "numeric(18,4)",
            "DECIMAL(18,4)",
            "1.5",
            "1.5000",
            "-0.00",
            "0.0000",
            "99999999999999.9999",
            "99999999999999.9999",
            "-99999999999999.9999",
            "-99999999999999.9999",
            "0.0001",
            "0.0001",
            "10000",
            "10000.0000"),
        TypeColumn.same("nines", "numeric(38,0)", "DECIMAL(38,0)", NINES, "-" + NINES, "0"),
        TypeColumn.of(
            "fraction",
            "numeric(38,38)",
            "DECIMAL(38,38)",
            "0." + NINES,
            "0." + NINES,
            "1e-38",
            "0." + "0".repeat(37) + "1"),
        TypeColumn.of(
            "middle",
            "numeric(30,15)",
            "DECIMAL(30,15)",
            "1.5",
            "1.500000000000000",
            "123456789012345.000000000000001",
            "123456789012345.000000000000001"),
        TypeColumn.of(
            "negative_scale",
            "numeric(3,-2)",
            "DECIMAL(5,0)",
            "12345",
            "12300",
            "-99900",
            "-99900"),
        TypeColumn.of(
            "more_scale",
            "numeric(2,5)",
            "DECIMAL(5,5)",
            "0.00012",
            "0.00012",
            "-0.00099",
            "-0.00099"),
        TypeColumn.of(
            "free",
            "numeric",
            "DOUBLE",
            "NaN",
            "NaN",
            "Infinity",
            "Infinity",
            "-Infinity",
            "-Infinity",
            "1e400",
            "Infinity",
            "-1e400",
            "-Infinity",
            "1e-400",
            "0.0",
            "0.1",
            "0.1",
            "9007199254740993",
            "9.007199254740992E15",
            "123456789012345678901234567890.123",
            "1.2345678901234568E29"),
        TypeColumn.of("too_long", "numeric(39,1)", "DOUBLE", "0.5", "0.5"));
  }

  private List<TypeColumn> texts() {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      bytes.append(String.format("%02X", i));
    }
    String uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    return List.of(
        TypeColumn.same(
            "text",
            "text",
            "STRING",
            "",
            "a",
            "😀 \"quoted\" 'single' \\ back\tslash\r\n",
            "\u0001\u007f",
            MEGABYTE,
            "NULL",
            "\u00a0 e\u0301 \u200b"),
        TypeColumn.same("varchar", "varchar(3)", "STRING", "abc", "", "äöü"),
        TypeColumn.of(
            "char", "char(5)", "STRING", "ab", "ab   ", "", "     ", "abcde", "abcde", "ä",
            "ä    "),
        TypeColumn.of("uuid", "uuid", "STRING", uuid.toUpperCase(Locale.ROOT), uuid),
        TypeColumn.same("enum", schema + ".\"Mood\"", "STRING", "so so", "ha\"ppy"),
        TypeColumn.same("citext", "public.citext", "STRING", "MiXed", ""),
        TypeColumn.same("json", "json", "STRING", "{\"a\":  1}", "null", "\"é\""),
        TypeColumn.of(
            "jsonb",
            "jsonb",
            "STRING",
            "{\"b\":[1,null],  \"a\": \"é\"}",
            "{\"a\": \"é\", \"b\": [1, null]}",
            "null",
            "null",
            "1.10",
            "1.10"),
        TypeColumn.of(
            "ints",
            "int4[]",
            "STRING",
            "{1,NULL,3}",
            "[1,null,3]",
            "{}",
            "[]",
            "{{1,2},{3,4}}",
            "[[1,2],[3,4]]"),
        TypeColumn.of(
            "texts",
            "text[]",
            "STRING",
            "{\"a\\\"b\",NULL,\"NULL\",é}",
            "[\"a\\\"b\",null,\"NULL\",\"é\"]"),
        TypeColumn.of(
            "moments",
            "timestamptz[]",
            "STRING",
            "{2024-02-29 01:02:03+05:30}",
            "[\"2024-02-28T19:32:03+00:00\"]"),
        TypeColumn.of("bytes", "bytea", "BINARY", "\\x" + bytes, bytes.toString(), "\\x", ""));
  }

  private static List<TypeColumn> times() {
    String[] zoned = TIMES.clone();
    for (int i = 0; i < zoned.length; i += 2) {
      zoned[i] += "+00";
    }
    zoned[zoned.length - 2] = "1900-01-01 05:45:00.5+05:45";
    return List.of(
        TypeColumn.same(
            "date",
            "date",
            "DATE",
            "1970-01-01",
            "0001-01-01",
            "9999-12-31",
            "1582-10-04",
            "1582-10-10",
            "1582-10-15",
            "1969-12-31",
            "2024-02-29",
            "0004-02-29",
            "1900-03-01"),
        TypeColumn.of("timestamp", "timestamp", "TIMESTAMP", TIMES),
        TypeColumn.of("timestamptz", "timestamptz", "TIMESTAMP", zoned),
        TypeColumn.same("time", "time", "STRING", "00:00:00", "24:00:00", "23:59:59.000001"),
        TypeColumn.same("timetz", "timetz", "STRING", "23:59:59.5-03:30", "00:00:00+00"),
        TypeColumn.of(
            "interval",
            "interval",
            "STRING",
            "1 year 2 days 03:04:05.5",
            "P1Y2DT3H4M5.5S",
            "-1 mon",
            "P-1M",
            "0",
            "PT0S"));
  }

  private List<TypeColumn> domains() {
    return List.of(
        TypeColumn.of("price", schema + ".price", "DECIMAL(10,2)", "1.5", "1.50"),
        TypeColumn.of("tags", schema + ".tags", "STRING", "{a,b}", "[\"a\",\"b\"]"),
        TypeColumn.of("code", schema + ".code", "STRING", "ab", "ab  "),
        TypeColumn.same("birth", schema + ".birth", "DATE", "1582-10-04"));
  }

  private void createTypes() {
    SourceDatabase.execute(
        "create extension if not exists citext schema public",
        "create type " + schema + ".\"Mood\" as enum ('so so', 'ha\"ppy')",
        "create domain " + schema + ".money_ as numeric(10,2)",
        "create domain " + schema + ".price as " + schema + ".money_ check (value > 0)",
        "create domain " + schema + ".tags as text[]",
        "create domain " + schema + ".code as char(4)",
        "create domain " + schema + ".day as date",
        "create domain " + schema + ".birth as " + schema + ".day");
  }

  private void createView(List<TypeColumn> columns, int rows) {
    String definitions =
        columns.stream()
            .map(column -> quoted(column.name()) + " " + column.type())
            .collect(Collectors.joining(", "));
    SourceDatabase.execute("create table " + schema + ".t (id text, " + definitions + ")");
    for (int row = 0; row < rows; row++) {
      int number = row;
      String values =
          columns.stream().map(column -> column.sql(number)).collect(Collectors.joining(", "));
      SourceDatabase.execute(
          "insert into " + schema + ".t values ('" + id(number) + "', " + values + ")");
    }
    SourceDatabase.execute("create view " + schema + ".v as select * from " + schema + ".t");
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private static String id(int row) {
    return String.format("r%02d", row);
  }

  @Test
  void everyValueArrives() {
    createTypes();
    List<TypeColumn> columns = columns();
    int rows = columns.stream().mapToInt(column -> column.literals().size()).max().orElseThrow();
    createView(columns, rows + 1);
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      lab.exported("v", "t", MergeMode.INSERT);
      Path table = lab.table("t");
      assertThat(SparkOracle.shared().schema(table))
          .containsExactlyElementsOf(expectedSchema(columns));
      List<List<@Nullable String>> found =
          SparkOracle.shared().query("SELECT * FROM " + SparkOracle.table(table) + " ORDER BY id");
      assertThat(found).hasSize(rows + 1);
      for (int c = 0; c < columns.size(); c++) {
        TypeColumn column = columns.get(c);
        for (int row = 0; row <= rows; row++) {
          assertThat(found.get(row).get(c + 1))
              .as("%s, row %d", column.name(), row)
              .isEqualTo(column.found(row).orElse(null));
        }
      }
    }
  }

  private static List<String> expectedSchema(List<TypeColumn> columns) {
    List<String> schema = new ArrayList<>(List.of("id STRING"));
    columns.forEach(column -> schema.add(column.name() + " " + column.deltaType()));
    schema.add("is_deleted INT");
    return schema;
  }

  @Test
  void momentsAreTheSameNumbersInBothDatabases() {
    List<TypeColumn> columns = times().subList(0, 3);
    createView(columns, TIMES.length / 2);
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      lab.exported("v", "t", MergeMode.INSERT);
      List<List<@Nullable String>> expected =
          SourceDatabase.query(
              "select date - date '1970-01-01', (extract(epoch from timestamp) * 1000000)::bigint,"
                  + " (extract(epoch from timestamptz) * 1000000)::bigint from "
                  + schema
                  + ".v order by id");
      assertThat(
              SparkOracle.shared()
                  .query(
                      "SELECT unix_date(date), unix_micros(timestamp), unix_micros(timestamptz) FROM "
                          + SparkOracle.table(lab.table("t"))
                          + " ORDER BY id"))
          .isEqualTo(expected);
    }
  }

  @Test
  void unconstrainedNumbersKeepTheirDigitsAsTextWhereTheHostSaysSo() {
    String[] values = {"1.500", "NaN", "-Infinity", "0.00001", "1" + "0".repeat(400)};
    createView(List.of(TypeColumn.same("n", "numeric", "STRING", values)), values.length);
    PostgresSourceConfig text =
        PostgresSourceConfig.builder().unconstrainedNumeric(UnconstrainedNumeric.STRING).build();
    try (ExportLab lab = ExportLab.open(folder, schema, text)) {
      lab.exported("v", "t", MergeMode.INSERT);
      assertThat(
              SparkOracle.shared()
                  .query("SELECT n FROM " + SparkOracle.table(lab.table("t")) + " ORDER BY id"))
          .containsExactlyElementsOf(Arrays.stream(values).map(List::of).toList());
    }
  }

  @Test
  void momentsOutOfRangeAreRefusedByNameOrNull() {
    SourceDatabase.execute(
        "create table "
            + schema
            + ".t (id text, \"When\" date, at timestamp, z timestamptz);"
            + "insert into "
            + schema
            + ".t values ('1', 'infinity', '-infinity', 'infinity'),"
            + " ('2', '0001-12-31 BC', '0001-12-31 23:59:59.999999 BC', '10000-01-01 00:00+00'),"
            + " ('3', '9999-12-31', '9999-12-31 23:59:59.999999', '0001-01-01 00:00+00')",
        "create view " + schema + ".d as select id, \"When\" from " + schema + ".t",
        "create view " + schema + ".v as select * from " + schema + ".t");
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      FailureCause cause = lab.failed("d", "t", MergeMode.INSERT);
      assertThat(cause.kind()).isEqualTo(FailureKind.PERMANENT);
      assertThat(cause.message()).contains("\"When\"").doesNotContain("BC");
      assertThat(folder).isEmptyDirectory();
    }
    PostgresSourceConfig nulls = PostgresSourceConfig.builder().outOfRange(OutOfRange.NULL).build();
    try (ExportLab lab = ExportLab.open(folder, schema, nulls)) {
      lab.exported("v", "t", MergeMode.INSERT);
      assertThat(
              SparkOracle.shared()
                  .query(
                      "SELECT concat_ws('|', id, `When`, at, z) FROM "
                          + SparkOracle.table(lab.table("t"))
                          + " ORDER BY id"))
          .containsExactly(
              List.of("1"),
              List.of("2"),
              List.of("3|9999-12-31|9999-12-31 23:59:59.999999|0001-01-01 00:00:00"));
    }
  }

  @ParameterizedTest
  @CsvSource({"'numeric(10,2)', NaN", "'numeric(30,2)', NaN"})
  void decimalsThatAreNoNumbersFailByName(String type, String value) {
    SourceDatabase.execute(
        "create view "
            + schema
            + ".v as select 'a' as id, '"
            + value
            + "'::"
            + type
            + " as amount");
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      assertThat(lab.failed("v", "t", MergeMode.INSERT).message()).contains("\"amount\"");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"point '(1,2)'", "inet '10.0.0.1'", "int4range '[1,2)'", "money '1'"})
  void otherTypesAreRefusedByName(String value) {
    SourceDatabase.execute(
        "create view " + schema + ".v as select 'a'::text as id, " + value + " as odd");
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      assertThatExceptionOfType(ExportRefusedException.class)
          .isThrownBy(() -> lab.exported("v", "t", MergeMode.INSERT))
          .withMessageContaining("odd");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int2", "int4", "int8"})
  void everyKeyIsInOneSlice(String type) {
    String least =
        switch (type) {
          case "int2" -> "-32768";
          case "int4" -> "-2147483648";
          default -> "-9223372036854775808";
        };
    SourceDatabase.execute(
        "create view "
            + schema
            + ".v as select ('"
            + least
            + "'::"
            + type
            + " + g::"
            + type
            + ")::"
            + type
            + " as id from generate_series(0, 999) g");
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      lab.exported("v", "t", MergeMode.INSERT);
      assertThat(
              SparkOracle.shared()
                  .query(
                      "SELECT count(*), count(DISTINCT id), min(id) FROM "
                          + SparkOracle.table(lab.table("t"))))
          .containsExactly(List.of("1000", "1000", least));
    }
  }

  @ParameterizedTest
  @EnumSource
  void missingKeysFailBeforeTheTargetIsTouched(MergeMode mode) {
    SourceDatabase.execute(
        "create view "
            + schema
            + ".v as select case when g % 10 > 0 then 'secret' || g end as id,"
            + " timestamptz 'epoch' as ts from generate_series(1, 100) g");
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      FailureCause cause = lab.failed("v", "t", mode);
      assertThat(cause.kind()).isEqualTo(FailureKind.PERMANENT);
      assertThat(cause.message()).contains("10").contains("id").doesNotContain("secret");
      assertThat(folder).isEmptyDirectory();
    }
  }
}
