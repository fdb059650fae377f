// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;

import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes back of names and values. */
interface ValueRules {

  @Test
  default void b19_everyTypeComesBack(BackendWorld world) {
    SampleExport export = world.export(SampleRows.ofEveryType(120, 11)).cut(3);
    world.run(export);
    world.assertTarget(export.target(), export.rows(), "with a column of every type");
  }

  /** A column of one type alone, its values in one row each. */
  static Stream<ViewColumn> columns() {
    return Stream.of(
            ColumnType.BOOLEAN,
            ColumnType.INT,
            ColumnType.BIGINT,
            ColumnType.FLOAT,
            ColumnType.DOUBLE,
            ColumnType.decimal(1, 0),
            ColumnType.decimal(1, 1),
            ColumnType.decimal(9, 2),
            ColumnType.decimal(18, 18),
            ColumnType.decimal(19, 0),
            ColumnType.decimal(38, 0),
            ColumnType.decimal(38, 38),
            ColumnType.STRING,
            ColumnType.BINARY,
            ColumnType.DATE,
            ColumnType.TIMESTAMP)
        .map(type -> column("value", type));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("columns")
  default void b19_theEdgesOfATypeComeBack(ViewColumn column, BackendWorld world) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (@Nullable Object value : values(column.type())) {
      rows.add(row("k" + rows.size(), value));
    }
    SampleRows generated =
        SampleRows.generate(
            new ViewSchema(List.of(column("id", ColumnType.STRING), column)), 30, 5);
    SampleRows all = new SampleRows(generated.schema(), rows).plus(renamed(generated));
    roundTrip(world, all, "with values of type " + column.type());
  }

  private static SampleRows renamed(SampleRows rows) {
    List<List<@Nullable Object>> all = new ArrayList<>();
    rows.rows().forEach(one -> all.add(row("g" + one.get(0), one.get(1))));
    return new SampleRows(rows.schema(), all);
  }

  /** Beside the edges that {@link SampleRows#generate} knows. */
  private static List<@Nullable Object> values(ColumnType type) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(null);
    switch (type.kind()) {
      case FLOAT ->
          values.addAll(
              List.of(1e-40f, Float.MAX_VALUE, 16777216f, Float.intBitsToFloat(0x7f7ffffe)));
      case DOUBLE ->
          values.addAll(List.of(0.1 + 0.2, 1e-310, Double.MAX_VALUE, 9007199254740992d, 1e22));
      case BIGINT -> values.addAll(List.of(9007199254740993L, -9007199254740993L, 1L << 40));
      case INT -> values.addAll(List.of(255, 256, -32769, 65536));
      case DECIMAL -> values.addAll(decimals(type));
      case STRING -> values.addAll(TEXTS);
      case BINARY -> {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
          all[i] = (byte) i;
        }
        values.add(all);
        values.add(new byte[] {0});
        values.add(new byte[100_000]);
      }
      case DATE ->
          values.addAll(
              List.of(
                  LocalDate.of(4, 2, 29),
                  LocalDate.of(1500, 3, 1),
                  LocalDate.of(1883, 11, 18),
                  LocalDate.of(1970, 1, 2),
                  LocalDate.of(2262, 4, 12),
                  LocalDate.of(2100, 2, 28)));
      case TIMESTAMP ->
          values.addAll(
              List.of(
                  Instant.parse("0001-01-01T00:00:00.000001Z"),
                  Instant.parse("1883-11-18T12:03:58Z"),
                  Instant.parse("1969-12-31T23:59:59.000001Z"),
                  Instant.parse("2024-10-27T00:30:00.123456Z"),
                  Instant.parse("2024-10-27T01:30:00.123456Z"),
                  Instant.parse("2038-01-19T03:14:08Z"),
                  Instant.parse("2262-04-12T00:00:00Z"),
                  Instant.parse("2016-12-31T23:59:59.999999Z")));
      case BOOLEAN -> {}
    }
    return values;
  }

  private static List<Object> decimals(ColumnType type) {
    BigDecimal smallest = BigDecimal.valueOf(1, type.scale());
    return List.of(smallest, smallest.negate(), smallest.multiply(BigDecimal.valueOf(9)));
  }

  /** Texts that writers like to take for something else. */
  List<Object> TEXTS =
      List.of(
          "null",
          "NaN",
          "true",
          "007",
          "1e5",
          "2024-01-01",
          "a,b;c\td|e",
          "\\N",
          "\\n",
          "\\",
          "\\\\",
          "'",
          "\"",
          "\"\"",
          "=1+1",
          "\r\n",
          "\n",
          "a\rb",
          "\u0000".replace('\u0000', '\u0002'),
          "\u007F\u0085\u2028\u2029",
          "\uFEFFbom",
          "\uFFFD",
          "e\u0301 \u00E9",
          "\u05D0\u05D1 \u202Eabc",
          "\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
          "\uD800\uDC00\uDBFF\uDFFF",
          "  both  ",
          "{\"a\":[1,null]}",
          "<a&amp;b>",
          "%s %d %n ${x} {0}",
          "x".repeat(1_000_000),
          "\u00E4".repeat(70_000));

  /** What the machine that runs it has as zone and language shows nowhere. */
  @ParameterizedTest
  @CsvSource({"Asia/Kathmandu, tr-TR", "America/St_Johns, hi-IN", "Pacific/Apia, de-DE"})
  default void b19_theMachinesZoneAndLanguageDontMatter(
      String zone, String language, BackendWorld world) {
    TimeZone usualZone = TimeZone.getDefault();
    Locale usualLocale = Locale.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      Locale.setDefault(Locale.forLanguageTag(language));
      SampleExport export = world.export(SampleRows.ofEveryType(40, 2)).cut(2);
      ManualJob job = world.job(export).stage(world.backend);
      TimeZone.setDefault(usualZone);
      Locale.setDefault(usualLocale);
      job.merge(world.backend, 0);
      world.assertTarget(
          export.target(), export.rows(), "with zone " + zone + " and language " + language);
    } finally {
      TimeZone.setDefault(usualZone);
      Locale.setDefault(usualLocale);
    }
  }

  /** Views of odd shapes. */
  @Test
  default void b19_viewsOfAnyShapeComeBack(BackendWorld world) {
    roundTrip(
        world,
        SampleRows.generate(new ViewSchema(List.of(column("id", ColumnType.STRING))), 5, 1),
        "with a single column");
    List<ViewColumn> many = new ArrayList<>(List.of(column("id", ColumnType.STRING)));
    for (int i = 0; i < 300; i++) {
      ColumnType type = SampleRows.EVERY_TYPE.columns().get(1 + i % 12).type();
      many.add(column("column_" + i, type));
    }
    roundTrip(world, SampleRows.generate(new ViewSchema(many), 30, 1), "with 301 columns");
    List<List<@Nullable Object>> empty = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<@Nullable Object> row = new ArrayList<>(many.size());
      row.add("k" + i);
      for (int column = 1; column < many.size(); column++) {
        row.add(null);
      }
      empty.add(row);
    }
    roundTrip(world, new SampleRows(new ViewSchema(many), empty), "with columns of NULL alone");
    List<ViewColumn> turned = new ArrayList<>(SampleRows.EVERY_TYPE.columns());
    Collections.reverse(turned.subList(1, turned.size()));
    roundTrip(
        world, SampleRows.generate(new ViewSchema(turned), 30, 4), "with columns in another order");
  }

  /** Names of columns that PostgreSQL allows. */
  static Stream<String> names() {
    return Stream.of(
        "Name",
        "NAME",
        "select",
        "order",
        "table",
        "null",
        "with space",
        " leading",
        "trailing ",
        "dot.ted",
        "semi;colon",
        "com,ma",
        "quo\"te",
        "apos'trophe",
        "back`tick",
        "back\\slash",
        "slash/ed",
        "line\nbreak",
        "tab\tbed",
        "equals=sign",
        "braces{}()[]",
        "percent%41",
        "dollar$",
        "?",
        "-dash",
        "1st",
        "_",
        "__proto__",
        "_metadata",
        "_change_type",
        "is_deleted",
        "IS_DELETED",
        "row_number",
        "\u00E9",
        "e\u0301",
        "\u00DCmlaut",
        "\u0130stanbul",
        "\uD83D\uDE00",
        "x".repeat(63),
        "\u00E4".repeat(31) + "x");
  }

  @ParameterizedTest(name = "[{index}]")
  @MethodSource("names")
  default void b19_anyColumnNameComesBackOrIsRefused(String name, BackendWorld world) {
    ViewSchema schema =
        new ViewSchema(
            List.of(
                column("id", ColumnType.STRING),
                column(name, ColumnType.STRING),
                column("amount", ColumnType.INT)));
    SampleRows rows =
        SampleRows.of(schema, row("k1", "a", 1), row("k2", null, 2), row("k3", "b", null));
    roundTrip(world, rows, "with a column named \"" + name + "\"");
  }

  @Test
  default void b19_columnNamesThatLookAlikeComeBackOrAreRefused(BackendWorld world) {
    for (List<String> names :
        List.of(
            List.of("name", "Name", "NAME"),
            List.of("\u00E9", "e\u0301"),
            List.of("a", "a "),
            List.of("a.b", "a_b", "a"),
            List.of("\u0130", "i", "\u0131"))) {
      List<ViewColumn> columns = new ArrayList<>(List.of(column("id", ColumnType.STRING)));
      names.forEach(name -> columns.add(column(name, ColumnType.STRING)));
      roundTrip(
          world, SampleRows.generate(new ViewSchema(columns), 9, 1), "with columns named " + names);
    }
  }

  /** A key may have any name, too. */
  @Test
  default void b19_aKeyOfAnyNameWorksOrIsRefused(BackendWorld world) {
    for (String name : List.of("ID", "order", "my key", "a.b", "quo\"te", "\uD83D\uDE00")) {
      ViewSchema schema =
          new ViewSchema(
              List.of(column(name, ColumnType.STRING), column("note", ColumnType.STRING)));
      SampleExport export =
          world.export(SampleRows.of(schema, row("k1", "a"), row("k2", "b"))).key(name).cut(2);
      if (runOrRefused(world, export)) {
        world.assertTarget(export.target(), export.rows(), "with a key named " + name);
      }
    }
  }

  private static void roundTrip(BackendWorld world, SampleRows rows, String what) {
    SampleExport export = world.export(rows);
    if (runOrRefused(world, export)) {
      world.assertTarget(export.target(), rows, what);
    }
  }

  private static boolean runOrRefused(BackendWorld world, SampleExport export) {
    ManualJob job = world.job(export);
    try {
      job.plan(world.backend);
    } catch (ExportRefusedException refused) {
      world.noteRefused();
      return false;
    }
    job.run(world.backend);
    return true;
  }
}
