// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A PostgreSQL of this process's own, empty, gone with it. */
final class EmbeddedServer implements AutoCloseable {
  private final EmbeddedPostgres postgres;

  private EmbeddedServer(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /**
   * Starts it on a free port.
   *
   * @throws QuickstartException where it does not start
   */
  static EmbeddedServer start() {
    try {
      return new EmbeddedServer(
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(directory().toFile())
              .setRegisterShutdownHook(false)
              .setLocaleConfig("locale", "C")
              .setServerConfig("max_connections", "120")
              .setServerConfig("wal_level", "minimal")
              .setServerConfig("max_wal_senders", "0")
              .setServerConfig("full_page_writes", "off")
              .setServerConfig("synchronous_commit", "off")
              .setServerConfig("max_wal_size", "2GB")
              .setServerConfig("shared_buffers", "256MB")
              .setServerConfig("jit", "off")
              .start());
    } catch (IOException | RuntimeException e) {
      throw new QuickstartException(
          "The embedded PostgreSQL did not start (it needs Linux on x86-64, and as root user"
              + " namespaces); run this as an ordinary user, or give --jdbc, --view and --out of a"
              + " database of yours.",
          e);
    }
  }

  /** Users don't share one: the binaries unpacked there belong to whoever came first. */
  private static Path directory() {
    String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9_-]", "_");
    return Path.of(System.getProperty("java.io.tmpdir"), "viewexport-quickstart-" + user);
  }

  /** Where it is. */
  String jdbcUrl() {
    return postgres.getJdbcUrl("postgres", "postgres");
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
