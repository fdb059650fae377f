// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A query with named parameters that is run straight on the driver: for the few statements that run
 * once or more for each task, where the client's own work would cost more than the server's.
 */
final class PlainStatement {
  private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-zA-Z]+)");

  private final String sql;
  private final List<String> parameters;

  private PlainStatement(String sql, List<String> parameters) {
    this.sql = sql;
    this.parameters = List.copyOf(parameters);
  }

  static PlainStatement of(String named) {
    List<String> parameters = new ArrayList<>();
    Matcher matcher = PARAMETER.matcher(named);
    StringBuilder sql = new StringBuilder();
    while (matcher.find()) {
      parameters.add(matcher.group(1));
      matcher.appendReplacement(sql, "?");
    }
    return new PlainStatement(matcher.appendTail(sql).toString(), parameters);
  }

  /** Makes a value of a row. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Sets a value at a place. */
  @FunctionalInterface
  private interface Setter {
    void set(PreparedStatement statement, int place) throws SQLException;
  }

  /** The values of one run, by name. */
  static final class Values {
    private final Map<String, Setter> setters = new HashMap<>();

    Values text(String name, String value) {
      setters.put(name, (statement, place) -> statement.setString(place, value));
      return this;
    }

    Values number(String name, int value) {
      setters.put(name, (statement, place) -> statement.setInt(place, value));
      return this;
    }

    Values number(String name, long value) {
      setters.put(name, (statement, place) -> statement.setLong(place, value));
      return this;
    }

    /** An array of a type of PostgreSQL's, such as {@code int4}. */
    Values array(String name, String type, @Nullable Object[] values) {
      setters.put(
          name,
          (statement, place) ->
              statement.setArray(place, statement.getConnection().createArrayOf(type, values)));
      return this;
    }
  }

  /** Runs it and gives all rows. */
  <T> List<T> list(Connection connection, Values values, RowReader<T> reader) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int place = 1;
      for (String parameter : parameters) {
        Objects.requireNonNull(values.setters.get(parameter), parameter).set(statement, place++);
      }
      List<T> rows = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(reader.read(row));
        }
      }
      return rows;
    }
  }
}
