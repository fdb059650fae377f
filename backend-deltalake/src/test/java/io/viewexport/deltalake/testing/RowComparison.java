// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.deltalake.oracle.SparkOracle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every value of a view, as PostgreSQL casts it, beside the table's, as Spark casts it. */
public final class RowComparison {
  private static final Comparator<List<@Nullable String>> ORDER =
      Comparator.comparing(row -> String.valueOf(row));

  private RowComparison() {}

  /** Compares all rows and values; returns how many rows there were. */
  public static int assertSame(String view, Path table) {
    List<String> columns = new ArrayList<>(SparkOracle.shared().schema(table));
    assertThat(columns.remove(columns.size() - 1)).isEqualTo("is_deleted INT");
    List<List<@Nullable String>> expected =
        sorted(SourceDatabase.query("select " + list(columns, true) + " from " + view), columns);
    List<List<@Nullable String>> found =
        sorted(
            SparkOracle.shared()
                .query("SELECT " + list(columns, false) + " FROM " + SparkOracle.table(table)),
            columns);
    assertThat(found).hasSameSizeAs(expected);
    for (int row = 0; row < expected.size(); row++) {
      assertThat(found.get(row))
          .as("row %d of %s: %s", row, view, columns)
          .isEqualTo(expected.get(row));
    }
    return found.size();
  }

  private static String list(List<String> columns, boolean isSource) {
    return columns.stream()
        .map(column -> isSource ? inPostgres(column) : inSpark(column))
        .collect(Collectors.joining(", "));
  }

  private static String name(String column) {
    return column.substring(0, column.indexOf(' '));
  }

  private static String inPostgres(String column) {
    String name = "\"" + name(column) + "\"";
    if (column.endsWith(" TIMESTAMP")) {
      return "(extract(epoch from " + name + ") * 1000000)::bigint::text";
    } else if (column.endsWith(" BINARY")) {
      return "upper(encode(" + name + ", 'hex'))";
    }
    // An array is JSON in the table; a cast to text would cut the padding of char(n) off.
    return "case when pg_typeof("
        + name
        + ")::text like '%[]' then to_json("
        + name
        + ")::text when pg_typeof("
        + name
        + ")::text = 'character' then concat("
        + name
        + ") else "
        + name
        + "::text end";
  }

  private static String inSpark(String column) {
    String name = SparkOracle.quote(name(column));
    return column.endsWith(" TIMESTAMP") ? "unix_micros(" + name + ")" : name;
  }

  private static List<List<@Nullable String>> sorted(
      List<List<@Nullable String>> rows, List<String> columns) {
    List<List<@Nullable String>> normal = new ArrayList<>();
    for (List<@Nullable String> row : rows) {
      List<@Nullable String> values = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        values.add(normal(row.get(i), columns.get(i)));
      }
      normal.add(values);
    }
    normal.sort(ORDER);
    return normal;
  }

  /** Both write the shortest digits of a number, but not its exponent, alike. */
  private static @Nullable String normal(@Nullable String value, String column) {
    if (value == null) {
      return null;
    } else if (column.endsWith(" DOUBLE")) {
      return Double.toString(Double.parseDouble(value));
    } else if (column.endsWith(" FLOAT")) {
      return Float.toString(Float.parseFloat(value));
    }
    return value;
  }
}
