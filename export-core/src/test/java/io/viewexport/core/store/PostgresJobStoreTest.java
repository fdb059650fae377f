// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.time.Duration;
import javax.sql.DataSource;

class PostgresJobStoreTest extends JobStoreContractTest {
  private static final DataSource DATABASE = StoreDatabase.fresh();

  @Override
  JobStore open() {
    PostgresJobStore opened = PostgresJobStore.open(DATABASE);
    StoreDatabase.run(DATABASE, "TRUNCATE viewexport.job CASCADE");
    return opened;
  }

  /** Moves every time in the store back. */
  @Override
  void advance(Duration time) {
    String back = " - " + time.toMillis() + " * interval '1 millisecond'";
    StoreDatabase.run(
        DATABASE,
        ("UPDATE viewexport.task SET due_at = due_at%1$s, lease_until = lease_until%1$s;"
                + " UPDATE viewexport.job SET created_at = created_at%1$s,"
                + " started_at = started_at%1$s, ended_at = ended_at%1$s,"
                + " cleaned_at = cleaned_at%1$s")
            .formatted(back));
  }
}
