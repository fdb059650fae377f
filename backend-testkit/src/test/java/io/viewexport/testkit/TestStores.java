// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The job stores that the engine is tested on. */
enum TestStores {
  MEMORY {
    @Override
    TestStore open() {
      ManualClock clock = new ManualClock();
      return new TestStore(InMemoryJobStore.create(clock), clock::advance);
    }
  },
  POSTGRES {
    @Override
    TestStore open() {
      TestPostgres.run(Shared.DATABASE, "TRUNCATE viewexport.job CASCADE");
      return new TestStore(Shared.STORE, time -> TestPostgres.moveTimesBack(Shared.DATABASE, time));
    }
  };

  /** One store for all tests: each would hold a connection. */
  private static final class Shared {
    static final DataSource DATABASE = TestPostgres.database("engine");
    static final PostgresJobStore STORE = PostgresJobStore.open(DATABASE);
  }

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
}
