// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.retry.RetryPolicy;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call of the store may fail, before it has done anything or after it has done it all. */
class UnreliableStoreTest {
  private static final double FAILURES = 0.15;
  private final JobStore store = InMemoryJobStore.create();
  private final Rig rig = new Rig();

  private JobStore unreliable(Random random) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("snapshots")) {
                return method.invoke(store, arguments); // asks nothing by itself
              }
              failAtTimes(random);
              try {
                Object answer = method.invoke(store, arguments);
                failAtTimes(random);
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void failAtTimes(Random random) {
    if (random.nextDouble() < FAILURES / 2) {
      throw new JobStoreException("The job store can't be reached.", null);
    }
  }

  private ExportService server(Random random) {
    RetryPolicy often =
        RetryPolicy.builder()
            .initialDelay(Duration.ofMillis(1))
            .cleanupInitialDelay(Duration.ofMillis(1))
            .maxLostLeases(50)
            .build();
    return ExportService.builder()
        .store(unreliable(random))
        .source(rig.source)
        .backend(rig.backend)
        .listener(rig.events)
        .config(
            ExportConfig.builder()
                .workerSlots(4)
                .leaseDuration(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(5))
                .cleanupGrace(Duration.ofMillis(10))
                .jobsPerPrincipal(3)
                .clusterSlots(7)
                .retryPolicy(often)
                .build())
        .build();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyJobIsDoneOnceWhateverAnswersAreLost(long seed) {
    Random random = new Random(seed);
    List<JobId> jobs = new ArrayList<>();
    Set<JobId> cancelled = new HashSet<>();
    try (ExportService client = rig.builder().store(store).build();
        ExportService one = server(random);
        ExportService two = server(random)) {
      one.start();
      two.start();
      for (int job = 0; job < 8; job++) {
        jobs.add(client.submit(Rig.request(4, "sof.patient", "sof.other")).id());
      }
      client.cancel(jobs.get(3));
      cancelled.add(jobs.get(3));
      Await.until(
          "every job is cleaned up",
          () ->
              client.list(JobFilter.NEWEST).stream()
                  .allMatch(job -> job.cleanup() == CleanupState.DONE));

      for (JobId id : jobs) {
        ExportJob job = client.find(id).orElseThrow();
        JobState[] ends = {JobState.COMPLETED, cancelled.contains(id) ? JobState.CANCELLED : null};
        assertThat(job.state()).as("seed %d, %s", seed, job).isIn((Object[]) ends);
        if (job.state() == JobState.COMPLETED) {
          assertThat(job.outputs()).extracting(out -> out.rowCount()).containsExactly(100L, 7L);
        }
      }
      assertThat(rig.backend.target).containsEntry("patient", Rig.numbers(100));
      assertThat(one.isHealthy() && two.isHealthy()).isTrue();
      assertThat(client.stats().leasedTasks()).isZero();
    }
  }
}
