// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;

/**
 * A job of a cluster, asked for at one pod, looked at through all.
 *
 * @param cluster where it runs
 * @param spec what it exports
 * @param round which round of its views
 * @param id its id
 */
record ClusterJob(Cluster cluster, JobSpec spec, int round, JobId id) {

  /** Makes the round's views and submits the job, at the next pod. */
  static ClusterJob submit(Cluster cluster, JobSpec spec, int round) {
    spec.makeViews(round);
    JobId id = new JobId(cluster.next().ask("submit " + spec));
    return new ClusterJob(cluster, spec, round, id);
  }

  /** Cancels it, at the next pod. */
  void cancel() {
    assertThat(cluster.next().ask("cancel " + id)).isIn("CANCELING", "CANCELLED", "COMPLETED");
  }

  ExportJob find() {
    return cluster.service().find(id).orElseThrow();
  }

  /** Whether it is at its end, clean-up included. */
  boolean isOver() {
    ExportJob job = find();
    return job.state().isFinal()
        && (job.cleanup() == CleanupState.DONE || job.cleanup() == CleanupState.FAILED);
  }

  /** Waits until it is over. */
  ClusterJob awaitOver() {
    Wait.until("job " + id + " is over", this::isOver);
    return this;
  }

  /** What every pod says of it, once it is over. */
  void assertSeenAlike(JobState state) {
    for (Pod pod : cluster.in(Pod.Condition.AWAKE)) {
      pod.tell("find " + id, state.name());
    }
  }

  Picture picture() {
    return Picture.of(id, spec.folder());
  }
}
