// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.ExportException;
import io.viewexport.api.StopSignal;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeCounts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The storage of {@link InMemoryBackend}: named targets and the staging of jobs. Several backends
 * on one lake play the servers of a cluster. Safe for use by many threads; each call is atomic.
 */
public final class InMemoryLake {
  private final Map<String, SampleRows> staging = new TreeMap<>();
  private final Map<String, Target> targets = new HashMap<>();
  private final Map<MergeKey, MergeCounts> merged = new HashMap<>();
  private final Set<MergeKey> withdrawn = new HashSet<>();

  /** An empty one. */
  public InMemoryLake() {}

  /**
   * The rows of a target as they are now; what is merged later does not change what it returns.
   *
   * @param name of the target
   * @return the rows, in no order; empty where the target is not there
   */
  public synchronized Optional<SampleRows> target(String name) {
    return Optional.ofNullable(targets.get(name)).map(Target::rows);
  }

  /**
   * {@return how often a target's rows or columns have been changed; 0 where it is not there}
   *
   * @param name of the target
   */
  public synchronized int version(String name) {
    Target target = targets.get(name);
    return target == null ? 0 : target.version();
  }

  /**
   * Makes or overwrites a target, as its owner would.
   *
   * @param name of the target
   * @param rows what it holds from now on
   */
  public synchronized void putTarget(String name, SampleRows rows) {
    targets.put(name, new Target(rows, version(name) + 1));
  }

  /**
   * {@return the staging that is there, sorted: {@code {job}/v{view}/c{chunk}/a{attempt}} for each
   * attempt that began to write}
   */
  public synchronized List<String> stagingNames() {
    return List.copyOf(staging.keySet());
  }

  synchronized void stage(String name, SampleRows rows) {
    staging.put(name, rows);
  }

  synchronized @Nullable SampleRows findStaged(String name) {
    return staging.get(name);
  }

  /** Removes all staging whose name begins so, unless the signal is given. */
  synchronized void removeStaging(String prefix, StopSignal stop) {
    stop.throwIfStopped();
    staging.keySet().removeIf(name -> name.startsWith(prefix));
  }

  synchronized Optional<MergeCounts> findMerged(JobId job, int view) {
    return Optional.ofNullable(merged.get(new MergeKey(job, view)));
  }

  /** From here on no merge of this job and view begins; says whether one was done before. */
  synchronized Optional<MergeCounts> withdraw(JobId job, int view) {
    Optional<MergeCounts> done = findMerged(job, view);
    if (done.isEmpty()) {
      withdrawn.add(new MergeKey(job, view));
    }
    return done;
  }

  /**
   * Changes a target and notes that the job and view are merged, both or none; where they are noted
   * already, returns what was noted.
   *
   * @param change gets the rows of the target, {@code null} where there is none
   */
  synchronized MergeCounts merge(JobId job, int view, String name, Change change, StopSignal stop) {
    MergeKey key = new MergeKey(job, view);
    MergeCounts noted = merged.get(key);
    if (noted != null) {
      return noted;
    }
    if (withdrawn.contains(key)) {
      throw ExportException.permanent(
          "merge-withdrawn", "View " + view + " of job " + job + " was withdrawn.", null);
    }
    Target old = targets.get(name);
    MemoryMerge.Result result = change.apply(old == null ? null : old.rows());
    stop.throwIfStopped();
    if (old == null || !old.rows().equals(result.rows())) {
      targets.put(name, new Target(result.rows(), version(name) + 1));
    }
    merged.put(key, result.counts());
    return result.counts();
  }

  /** What a merge makes of a target. */
  @FunctionalInterface
  interface Change {
    MemoryMerge.Result apply(@Nullable SampleRows target);
  }

  private record Target(SampleRows rows, int version) {}

  private record MergeKey(JobId job, int view) {}
}
