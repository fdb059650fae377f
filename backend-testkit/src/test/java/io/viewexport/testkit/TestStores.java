// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The job stores that the engine is tested on. */
enum TestStores {
  MEMORY {
    @Override
    TestStore open() {
      AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
      return new TestStore(
          InMemoryJobStore.create(now::get),
          time -> now.updateAndGet(instant -> instant.plus(time)));
    }
  },
  POSTGRES {
    @Override
    TestStore open() {
      DataSource database = Server.POSTGRES.getPostgresDatabase();
      PostgresJobStore store = PostgresJobStore.open(database);
      run(database, "TRUNCATE viewexport.job CASCADE");
      return new TestStore(store, time -> run(database, movedBack(time)));
    }
  };

  /** A store that is empty. */
  abstract TestStore open();

  /**
   * A store and how to let its time pass.
   *
   * @param sleep lets this time pass by the store's clock
   */
  record TestStore(JobStore store, Consumer<Duration> sleep) {

    /** The store as a server sees it that may die: then it gets no call through any more. */
    JobStore of(BooleanSupplier isDead) {
      return (JobStore)
          Proxy.newProxyInstance(
              TestStores.class.getClassLoader(),
              new Class<?>[] {JobStore.class},
              (self, method, arguments) -> {
                if (isDead.getAsBoolean()) {
                  throw new PodCrash();
                }
                try {
                  return method.invoke(store, arguments);
                } catch (InvocationTargetException thrown) {
                  throw thrown.getCause();
                }
              });
    }
  }

  private static String movedBack(Duration time) {
    return """
        UPDATE viewexport.task SET due_at = due_at - %1$s, lease_until = lease_until - %1$s
        """
        .formatted(time.toMillis() + " * interval '1 millisecond'");
  }

  private static void run(DataSource database, String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Server {
    private static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
