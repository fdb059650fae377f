// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.Experimental;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What any {@link io.viewexport.core.store.JobStore} does, as tests: see {@link StoreRule} for the
 * rules by number. The author of a store writes one class:
 *
 * <pre>{@code
 * class MyJobStoreTest extends JobStoreContract {
 *   @Override
 *   protected JobStoreFixture open() {
 *     MyDatabase database = MyDatabase.empty();
 *     return new JobStoreFixture() {
 *       @Override
 *       public JobStore openStore() {
 *         return new MyJobStore(database);
 *       }
 *
 *       @Override
 *       public void advance(Duration time) {
 *         database.moveStoredTimesBack(time);
 *       }
 *     };
 *   }
 * }
 * }</pre>
 *
 * <p>Each test begins with a state of its own. Some use eight threads on three stores at once. A
 * failed test names its rule and says where to look. Nothing sleeps; two thousand calls or so for
 * each race.
 */
@ExtendWith(StoreReport.class)
@Timeout(60)
@Experimental
public abstract class JobStoreContract
    implements JobRules,
        StageRules,
        DecisionRules,
        StopRules,
        ClaimRules,
        LeaseRules,
        AttemptRules,
        LimitRules,
        ListRules,
        ClusterRules,
        RaceRules,
        SnapshotRules,
        RandomRules {

  /** For subclasses. */
  protected JobStoreContract() {}

  /**
   * A shared state without a job, duty or announcement; called once for each test.
   *
   * @return a fixture that the contract closes
   */
  protected abstract JobStoreFixture open();
}
