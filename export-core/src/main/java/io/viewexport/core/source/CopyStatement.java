// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewSlice;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Renders the COPY of a slice. It holds quoted names, our own numbers and {@code current_setting}
 * calls, never a value of the request: those are bound as settings of the transaction before.
 */
final class CopyStatement {
  /** The setting that holds {@code since}. */
  static final String SINCE_SETTING = "viewexport.since";

  /** The setting that holds the patients' keys, as a JSON array. */
  static final String PATIENTS_SETTING = "viewexport.patients";

  /**
   * For more keys an index of the patient column is kept out of use. The server takes any list for
   * one of a hundred, and would look up each of 100,000 keys: 7.6 s, measured, where reading all
   * rows takes 1.2 s; up to here looking up is faster.
   */
  private static final int MOST_LOOKED_UP = 10_000;

  private static final long MAX_PAGE = 0xFFFF_FFFFL;
  private static final String NON_NEGATIVE = Long.toString(Long.MAX_VALUE);
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private CopyStatement() {}

  /**
   * The statement.
   *
   * @param columns the view's columns by name; all of the request's are among them
   */
  static String render(SliceRequest request, Map<String, SourceColumn> columns) {
    String select =
        request.schema().columns().stream()
            .map(column -> columns.get(column.name()))
            .map(column -> column.travel().of(reference(column)))
            .collect(Collectors.joining(", "));
    List<String> conditions = conditions(request, columns);
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    return "COPY (SELECT "
        + select
        + " FROM "
        + SqlIdentifier.quote(request.view())
        + " AS r"
        + where
        + ") TO STDOUT (FORMAT binary)";
  }

  /** The patients' keys as the database reads them. */
  static String settingOf(List<String> patients) {
    ArrayNode keys = JsonNodeFactory.instance.arrayNode();
    patients.forEach(keys::add);
    return keys.toString();
  }

  /** {@code since} as the database reads it: rounded up to microseconds, which it stores. */
  static String settingOf(Instant since) {
    Instant micros = since.truncatedTo(ChronoUnit.MICROS);
    Instant from = micros.equals(since) ? since : micros.plus(1, ChronoUnit.MICROS);
    if (from.isBefore(FIRST)) {
      return "-infinity";
    }
    return from.isAfter(LAST) ? "infinity" : from.toString();
  }

  /**
   * The number of a row's slice: hash without its sign bit, modulo. Dropping the bit, unlike {@code
   * abs}, also takes the smallest number. A NULL hash is slice 0.
   */
  static String sliceNumber(String hash, int count) {
    return "coalesce((" + hash + " & " + NON_NEGATIVE + ") % " + count + ", 0)";
  }

  private static List<String> conditions(SliceRequest request, Map<String, SourceColumn> columns) {
    List<String> conditions = new ArrayList<>();
    if (request.slice() instanceof ViewSlice.KeyHash slice) {
      String hash = hash(request.key().stream().map(name -> column(columns, name)).toList());
      conditions.add(sliceNumber(hash, slice.count()) + " = " + slice.index());
    } else if (request.slice() instanceof ViewSlice.PageRange range) {
      conditions.addAll(pages(range));
    }
    if (request.filters().since().isPresent()) {
      conditions.add(since(column(columns, request.timestampColumn().orElseThrow())));
    }
    if (request.filters().limitsPatients()) {
      SourceColumn patient = column(columns, request.patientColumn().orElseThrow());
      conditions.add(patients(patient, request.filters().patients().size()));
    }
    return conditions;
  }

  /** Texts are compared byte for byte, whatever the column's collation takes for the same. */
  private static String patients(SourceColumn column, int count) {
    String key =
        column.comparesBytes() && count <= MOST_LOOKED_UP
            ? reference(column)
            : "(("
                + reference(column)
                + ")::pg_catalog.text OPERATOR(pg_catalog.||) '') COLLATE pg_catalog.\"C\"";
    return key
        + " IN (SELECT pg_catalog.json_array_elements_text(pg_catalog.current_setting('"
        + PATIENTS_SETTING
        + "')::pg_catalog.json))";
  }

  private static SourceColumn column(Map<String, SourceColumn> columns, String name) {
    return Objects.requireNonNull(columns.get(name), name);
  }

  /** Each column's hash seeds the next one's; a NULL anywhere makes the whole NULL. */
  private static String hash(List<SourceColumn> key) {
    String seed = "0";
    for (SourceColumn column : key) {
      String text = column.keyText().of(reference(column));
      seed = "pg_catalog.hashtextextended((" + text + ") COLLATE pg_catalog.\"C\", " + seed + ")";
    }
    return seed;
  }

  private static List<String> pages(ViewSlice.PageRange range) {
    if (range.fromPage() > MAX_PAGE) {
      return List.of("false");
    }
    List<String> conditions = new ArrayList<>();
    conditions.add("r.ctid >= '(" + range.fromPage() + ",0)'::pg_catalog.tid");
    if (range.toPage() <= MAX_PAGE) {
      conditions.add("r.ctid < '(" + range.toPage() + ",0)'::pg_catalog.tid");
    }
    return conditions;
  }

  private static String since(SourceColumn column) {
    String since = "pg_catalog.current_setting('" + SINCE_SETTING + "')::pg_catalog.timestamptz";
    String utc = "pg_catalog.timezone('UTC', " + since + ")";
    return reference(column)
        + " >= "
        + switch (column.baseType()) {
          case SourceColumn.TIMESTAMPTZ_OID -> since;
          case SourceColumn.TIMESTAMP_OID -> utc;
          // The whole day: a row dated today may have changed after since.
          case SourceColumn.DATE_OID -> utc + "::pg_catalog.date";
          default ->
              throw new IllegalArgumentException(
                  "since needs a date or timestamp column: \"" + column.column().name() + "\"");
        };
  }

  private static String reference(SourceColumn column) {
    return "r." + SqlIdentifier.quote(column.column().name());
  }
}
