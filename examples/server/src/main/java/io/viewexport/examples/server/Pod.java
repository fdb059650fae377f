// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.SurplusChunks;
import io.viewexport.core.fhir.ExportOperation;
import io.viewexport.core.fhir.ExportOperationConfig;
import io.viewexport.core.source.FolderViewResolver;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import io.viewexport.deltalake.DeltaLakeBackend;
import io.viewexport.deltalake.DeltaLakeConfig;
import io.viewexport.examples.files.FileBackend;
import io.viewexport.examples.files.FileBackendConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One server of the cluster: a pool of connections, the export service over the shared store, and
 * the HTTP server before it. Other pods on the same database share its work.
 */
final class Pod implements AutoCloseable {
  private static final int SLOTS = 2;
  private static final int POOL = SLOTS + ExportConfig.RESERVED_CONNECTIONS;
  private static final Duration LEASE = Duration.ofSeconds(5);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final String baseUrl;

  private Pod(ServerOptions options, String jdbcUrl) throws Exception {
    try {
      HikariDataSource pool = opened(pool(options, jdbcUrl));
      JobStore store = opened(PostgresJobStore.open(pool));
      ExportBackend backend =
          opened(
              DeltaLakeBackend.create(
                  DeltaLakeConfig.builder().allowedRoots(List.of(options.lake())).build()));
      Path files = Files.createDirectories(options.lake().resolve(FileBackend.KIND));
      ExportBackend fileBackend =
          opened(
              FileBackend.create(FileBackendConfig.builder().allowedRoots(List.of(files)).build()));
      ExportService exports =
          opened(
              ExportService.builder()
                  .store(store)
                  .source(PostgresViewSource.create(pool))
                  .backend(backend)
                  .backend(fileBackend)
                  .config(exportConfig())
                  .build());
      int port = options.port() == 0 ? freePort() : options.port();
      baseUrl = "http://127.0.0.1:" + port + HttpServer.BASE;
      ExportOperationConfig config =
          ExportOperationConfig.builder()
              .baseUrl(baseUrl)
              .profile(options.profile())
              .defaultKind(backend.kind())
              .build();
      ExportOperation operation =
          ExportOperation.create(exports, FolderViewResolver.create(options.views()), config);
      exports.start();
      int most = config.maxBodyBytes();
      opened(
          switch (options.framework()) {
            case HAPI -> HapiServer.start(port, pool, new HapiExports(operation, baseUrl, most));
            case LIGHT -> LightServer.start(port, operation, baseUrl, most);
          });
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /** Starts it; the caller closes it. */
  static Pod start(ServerOptions options, String jdbcUrl) throws Exception {
    return new Pod(options, jdbcUrl);
  }

  /** Its base URL has to be known before it listens. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static HikariDataSource pool(ServerOptions options, String jdbcUrl) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(jdbcUrl);
    if (source.getUser() == null) {
      Optional.ofNullable(System.getenv("PGUSER")).ifPresent(source::setUser);
    }
    if (source.getPassword() == null) {
      Optional.ofNullable(System.getenv("PGPASSWORD")).ifPresent(source::setPassword);
    }
    source.setApplicationName("viewexport-server-" + options.port());
    HikariConfig config = new HikariConfig();
    config.setPoolName("server");
    config.setDataSource(source);
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(1);
    return new HikariDataSource(config);
  }

  /** A short lease, so that one can watch a killed pod's work being taken over. */
  private static ExportConfig exportConfig() {
    return ExportConfig.builder()
        .workerSlots(SLOTS)
        .poolSize(POOL)
        .surplusChunks(SurplusChunks.WAIT)
        .leaseDuration(LEASE)
        .shutdownGrace(Duration.ofSeconds(2))
        .build();
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.push(resource);
    return resource;
  }

  /** The FHIR base. */
  String baseUrl() {
    return baseUrl;
  }

  /** Closes what is open, last opened first; none keeps the others from it. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception failure) {
        System.err.println("Not closed in good order: " + failure.getClass().getSimpleName());
      }
    }
  }
}
