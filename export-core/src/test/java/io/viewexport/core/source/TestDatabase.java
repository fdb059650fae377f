// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.api.view.ViewSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** One real PostgreSQL for all tests of this package, and what they do with it. */
final class TestDatabase {
  private static final EmbeddedPostgres POSTGRES = start();
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private TestDatabase() {}

  private static EmbeddedPostgres start() {
    try {
      EmbeddedPostgres started =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setServerConfig("max_prepared_transactions", "5")
              .setServerConfig("shared_buffers", "64MB")
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started)));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(EmbeddedPostgres started) {
    try {
      started.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PGSimpleDataSource dataSource() {
    return dataSource("postgres");
  }

  static PGSimpleDataSource dataSource(String user) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"localhost"});
    dataSource.setPortNumbers(new int[] {POSTGRES.getPort()});
    dataSource.setDatabaseName("postgres");
    dataSource.setUser(user);
    dataSource.setPassword("unused");
    return dataSource;
  }

  static PostgresViewSource source() {
    return PostgresViewSource.create(dataSource());
  }

  /** A new schema, in lower case. */
  static String newSchema() {
    String schema = "test" + SCHEMAS.incrementAndGet();
    execute("create schema " + schema);
    return schema;
  }

  static void execute(String... statements) {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static String query(String sql) {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static SliceRequest whole(DescribedView view) {
    return request(view, new ViewSlice.Whole(), List.of());
  }

  static SliceRequest request(DescribedView view, ViewSlice slice, List<String> key) {
    return new SliceRequest(
        view.name(),
        view.schema(),
        slice,
        key,
        Optional.empty(),
        Optional.empty(),
        ViewFilters.NONE,
        Optional.empty());
  }

  static SliceRequest since(DescribedView view, String column, Instant since) {
    return new SliceRequest(
        view.name(),
        view.schema(),
        new ViewSlice.Whole(),
        List.of(),
        Optional.of(column),
        Optional.empty(),
        ViewFilters.since(since),
        Optional.empty());
  }

  /** Describes a view and reads all of it. */
  static List<List<Object>> readAll(ViewSource source, String schema, String name) {
    return read(source, whole(source.describeView(new ViewName(schema, name))));
  }

  /** The rows as objects; {@code "NULL"} for NULL. */
  static List<List<Object>> read(ViewSource source, SliceRequest request) {
    List<List<Object>> all = new ArrayList<>();
    try (RowCursor rows = source.openSlice(request, new TestStop())) {
      while (rows.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 0; i < rows.schema().size(); i++) {
          row.add(value(rows, i));
        }
        all.add(row);
      }
    }
    return all;
  }

  static Object value(RowCursor rows, int column) {
    if (rows.isNull(column)) {
      return "NULL";
    }
    ColumnType type = rows.schema().columns().get(column).type();
    return switch (type.kind()) {
      case BOOLEAN -> rows.booleanValue(column);
      case INT -> rows.intValue(column);
      case BIGINT -> rows.longValue(column);
      case FLOAT -> rows.floatValue(column);
      case DOUBLE -> rows.doubleValue(column);
      case DECIMAL -> rows.decimalValue(column);
      case STRING -> rows.stringValue(column);
      case BINARY -> {
        int from = rows.byteOffset(column);
        yield hex(Arrays.copyOfRange(rows.bytes(column), from, from + rows.byteLength(column)));
      }
      case DATE -> LocalDate.ofEpochDay(rows.intValue(column));
      case TIMESTAMP -> Instant.EPOCH.plus(rows.longValue(column), ChronoUnit.MICROS);
    };
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
