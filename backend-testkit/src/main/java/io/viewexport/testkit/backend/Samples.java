// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static io.viewexport.testkit.SampleRows.column;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.SampleRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of three columns, for the tests in which the types don't matter. */
final class Samples {
  static final Instant OLD = Instant.parse("2024-01-01T00:00:00Z");
  static final Instant NEW = Instant.parse("2025-01-01T00:00:00.000001Z");

  /** The names of timestamp columns in samples. */
  static final List<String> TIMESTAMPS = List.of("at", "updated_at");

  static final ViewSchema SCHEMA =
      new ViewSchema(
          List.of(
              column("id", ColumnType.STRING),
              column("note", ColumnType.STRING),
              column("at", ColumnType.TIMESTAMP)));

  private Samples() {}

  /** Rows with the keys {@code k{from}} to before {@code k{to}}. */
  static SampleRows keys(int from, int to) {
    return keys(from, to, "note", OLD);
  }

  static SampleRows keys(int from, int to, String note, Instant at) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int number = from; number < to; number++) {
      rows.add(SampleRows.row("k" + number, note + " " + number, at));
    }
    return new SampleRows(SCHEMA, rows);
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static SampleRows rows(List<@Nullable Object>... rows) {
    return SampleRows.of(SCHEMA, rows);
  }

  /** Rows that are in no other samples. */
  static SampleRows none() {
    return new SampleRows(SCHEMA, List.of());
  }
}
