// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.benchmark;

import io.viewexport.api.view.ViewName;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The database with the table that is measured: given, or started and gone with the program. */
final class Database implements AutoCloseable {
  private static final String SCHEMA = "viewexport_benchmark";

  /** The table. */
  static final ViewName PATIENTS = new ViewName(SCHEMA, "patient_flat");

  /** Its rows with each tenth key another. */
  static final ViewName TENTH_NEW = new ViewName(SCHEMA, "patient_tenth_new");

  /** Its rows with each tenth changed. */
  static final ViewName TENTH_CHANGED = new ViewName(SCHEMA, "patient_tenth_changed");

  private final @Nullable EmbeddedPostgres own;
  private final PGSimpleDataSource dataSource;

  private Database(@Nullable EmbeddedPostgres own, String url) {
    this.own = own;
    this.dataSource = new PGSimpleDataSource();
    dataSource.setUrl(url);
  }

  /** Opens the database and fills the table where it is missing; the caller closes it. */
  static Database open(Optional<String> url, long rows) throws IOException, SQLException {
    Database database = url.isPresent() ? new Database(null, url.get()) : start();
    try {
      database.prepare(rows);
      return database;
    } catch (SQLException e) {
      database.close();
      throw e;
    }
  }

  private static Database start() throws IOException {
    String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9_-]", "_");
    Path directory = Path.of(System.getProperty("java.io.tmpdir"), "viewexport-benchmark-" + user);
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(directory.toFile())
            .setServerConfig("shared_buffers", "1GB")
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "off")
            .setServerConfig("full_page_writes", "off")
            .setServerConfig("max_wal_size", "4GB")
            .setServerConfig("autovacuum", "off")
            .setServerConfig("jit", "off")
            .start();
    return new Database(postgres, postgres.getJdbcUrl("postgres", "postgres"));
  }

  DataSource dataSource() {
    return dataSource;
  }

  private void prepare(long rows) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      if (text(statement, "SELECT to_regclass('" + SCHEMA + ".patient_flat')") == null) {
        statement.execute(resource("create-table.sql"));
        try (PreparedStatement fill = connection.prepareStatement(resource("fill-table.sql"))) {
          fill.setLong(1, rows);
          fill.execute();
        }
        statement.execute(resource("create-views.sql"));
      }
      statement.execute("VACUUM (FREEZE, ANALYZE) " + SCHEMA + ".patient_flat");
    }
  }

  /** One line that says what is measured against. */
  String facts() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      return "PostgreSQL "
          + text(statement, "SHOW server_version")
          + ", shared_buffers "
          + text(statement, "SHOW shared_buffers")
          + ", jit "
          + text(statement, "SHOW jit")
          + ", table of "
          + text(
              statement, "SELECT pg_size_pretty(pg_relation_size('" + SCHEMA + ".patient_flat'))");
    }
  }

  /** The COPY that some other connection of this database runs just now. */
  String runningCopy() throws SQLException {
    String sql =
        "SELECT query FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY %'"
            + " AND datname = current_database()";
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      return Objects.requireNonNull(text(statement, sql), "no COPY is running");
    }
  }

  /** Whether {@link #copyWithinServer} is allowed. */
  boolean mayWriteFiles() throws SQLException {
    String sql = "SELECT pg_has_role('pg_write_server_files', 'USAGE')";
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      return "t".equals(text(statement, sql));
    }
  }

  /** The same COPY without a client: what the server needs to make the rows. */
  void copyWithinServer(String copy) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(copy.replace(" TO STDOUT ", " TO '/dev/null' "));
    }
  }

  private static @Nullable String text(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getString(1) : null;
    }
  }

  private static String resource(String name) {
    try (InputStream in = Database.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (own != null) {
      own.close();
    }
  }
}
