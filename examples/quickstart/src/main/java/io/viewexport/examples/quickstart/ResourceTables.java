// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/**
 * Stores resources, one table for each type in the schema {@code public}, named by the type in
 * lower case: {@code (id text primary key, resource jsonb not null)}. A repeated id replaces. All
 * of it happens in the transaction of the connection that it is given; {@link #finish} ends none.
 */
final class ResourceTables {
  private static final Pattern TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,62}");
  private static final int FLUSH_CHARS = 1 << 20;

  private final Connection connection;
  private final Map<String, Batch> batches = new TreeMap<>();

  ResourceTables(Connection connection) {
    this.connection = connection;
  }

  /** Whether a type can name a table. */
  static boolean isType(String type) {
    return TYPE.matcher(type).matches();
  }

  /** The table of a type. */
  static String tableName(String type) {
    if (!isType(type)) {
      throw new IllegalArgumentException("no resource type");
    }
    return type.toLowerCase(Locale.ROOT);
  }

  /** Adds a resource. It is in its table after {@link #finish}. */
  void add(Resource resource) throws SQLException {
    String table = tableName(resource.type());
    Batch batch = batches.get(table);
    if (batch == null) {
      batch = new Batch(table, resource.origin());
      createTables(table);
      batches.put(table, batch);
    }
    batch.add(resource);
    if (batch.text.length() >= FLUSH_CHARS) {
      flush(batch);
    }
  }

  /**
   * Brings everything to its table.
   *
   * @return how many resources were added, by table, repeats included
   */
  Map<String, Long> finish() throws SQLException {
    Map<String, Long> counts = new TreeMap<>();
    for (Batch batch : batches.values()) {
      flush(batch);
      execute(
          """
          insert into public."%1$s" (id, resource)
          select distinct on (id) id, resource from pg_temp."incoming_%1$s" order by id, n desc
          on conflict (id) do update set resource = excluded.resource
          """
              .formatted(batch.table));
      execute("drop table pg_temp.\"incoming_" + batch.table + "\"");
      execute("analyze public.\"" + batch.table + "\"");
      counts.put(batch.table, batch.count);
    }
    return counts;
  }

  private void createTables(String table) throws SQLException {
    execute(
        "create table if not exists public.\"%s\" (id text primary key, resource jsonb not null)"
            .formatted(table));
    execute(
        "create temporary table \"incoming_%s\" (n bigint, id text, resource jsonb) on commit drop"
            .formatted(table));
  }

  private void flush(Batch batch) throws SQLException {
    byte[] bytes = batch.text.toString().getBytes(StandardCharsets.UTF_8);
    batch.text.setLength(0);
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "copy pg_temp.\"incoming_" + batch.table + "\" from stdin",
              new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (state.startsWith("22") || state.startsWith("54")) {
        throw new QuickstartException(
            "A value is beyond what PostgreSQL can store, between %s and %s (SQLSTATE %s)."
                .formatted(batch.first, batch.last, state),
            e);
      }
      throw e;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows of one table in the text form of COPY. */
  private static final class Batch {
    private final String table;
    private final StringBuilder text = new StringBuilder();
    private String first;
    private String last;
    private long count;

    Batch(String table, String origin) {
      this.table = table;
      this.first = origin;
      this.last = origin;
    }

    void add(Resource resource) {
      if (text.isEmpty()) {
        first = resource.origin();
      }
      last = resource.origin();
      count++;
      text.append(count).append('\t');
      escape(resource.id());
      text.append('\t');
      escape(resource.json());
      text.append('\n');
    }

    private void escape(String value) {
      int start = 0;
      for (int i = 0; i < value.length(); i++) {
        String replacement = replacement(value.charAt(i));
        if (!replacement.isEmpty()) {
          text.append(value, start, i).append(replacement);
          start = i + 1;
        }
      }
      text.append(value, start, value.length());
    }

    private static String replacement(char c) {
      return switch (c) {
        case '\\' -> "\\\\";
        case '\t' -> "\\t";
        case '\n' -> "\\n";
        case '\r' -> "\\r";
        default -> "";
      };
    }
  }
}
