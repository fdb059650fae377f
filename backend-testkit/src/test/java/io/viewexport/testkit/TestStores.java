// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.time.Duration;
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
  record TestStore(JobStore store, Consumer<Duration> sleep) {}
}
