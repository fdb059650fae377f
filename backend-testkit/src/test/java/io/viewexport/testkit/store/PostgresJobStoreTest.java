// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import io.viewexport.testkit.TestPostgres;
import java.time.Duration;
import javax.sql.DataSource;

class PostgresJobStoreTest extends JobStoreContract {

  @Override
  protected JobStoreFixture open() {
    DataSource database = TestPostgres.database("contract");
    PostgresJobStore.open(database).close();
    TestPostgres.run(
        database, "TRUNCATE viewexport.job, viewexport.server, viewexport.duty CASCADE");
    return new JobStoreFixture() {
      @Override
      public JobStore openStore() {
        return PostgresJobStore.open(database);
      }

      @Override
      public void advance(Duration time) {
        TestPostgres.moveTimesBack(database, time);
      }
    };
  }
}
