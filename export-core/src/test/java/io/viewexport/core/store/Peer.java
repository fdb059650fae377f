// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;

import io.viewexport.api.job.JobId;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobEvent;
import java.util.List;

/** A server of any version that shares a store with others. */
interface Peer {
  List<ClaimedTask> claim(int limit);

  boolean settle(Lease lease, Decision decision);

  boolean cancel(JobId job);

  /** One of this version. */
  static Peer of(JobStore store, String worker) {
    return new Peer() {
      @Override
      public List<ClaimedTask> claim(int limit) {
        return store.claim(TestJobs.claim(worker, limit));
      }

      @Override
      public boolean settle(Lease lease, Decision decision) {
        return store.settle(lease, decision);
      }

      @Override
      public boolean cancel(JobId job) {
        return store.update(job, on(new JobEvent.CancelRequested()));
      }
    };
  }
}
