// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.retry.RetryPolicy;
import io.viewexport.core.store.StoreDatabase;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class ServersOnPostgresTest {
  private final Rig rig = new Rig();

  private ExportService server(PostgresJobStore store) {
    return ExportService.builder()
        .store(store)
        .source(rig.source)
        .backend(rig.backend)
        .config(
            ExportConfig.builder()
                .leaseDuration(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .retryPolicy(RetryPolicy.builder().initialDelay(Duration.ofMillis(10)).build())
                .build())
        .build();
  }

  @Test
  void twoServersShareManyJobsAndEveryRowArrivesOnce() {
    Set<String> broken = ConcurrentHashMap.newKeySet();
    rig.backend.chunk =
        (context, rows) -> {
          if (context.chunk().chunk() == 1 && broken.add(context.chunk().toString())) {
            throw ExportException.retryable("target-busy", "The target is busy.", null);
          }
          return rig.backend.stage(context, rows);
        };
    DataSource database = StoreDatabase.fresh();
    try (PostgresJobStore oneStore = PostgresJobStore.open(database);
        PostgresJobStore otherStore = PostgresJobStore.open(database);
        ExportService one = server(oneStore);
        ExportService other = server(otherStore)) {
      one.start();
      other.start();
      List<JobId> jobs = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        jobs.add((i % 2 == 0 ? one : other).submit(Rig.request(4, "sof.patient")).id());
      }
      Await.until("all jobs are cleaned up", () -> jobs.stream().allMatch(id -> over(one, id)));

      assertThat(jobs)
          .allSatisfy(
              id -> assertThat(other.find(id).orElseThrow().state()).isEqualTo(JobState.COMPLETED));
      assertThat(broken).hasSize(10);
      assertThat(rig.backend.target).containsEntry("patient", Rig.numbers(100));
      assertThat(rig.backend.calls)
          .filteredOn(call -> call.startsWith("MERGE"))
          .hasSize(10)
          .allMatch(call -> call.equals("MERGE patient#1"));
    }
  }

  private static boolean over(ExportService server, JobId id) {
    ExportJob job = server.find(id).orElseThrow();
    return job.state().isFinal() && job.cleanup() == CleanupState.DONE;
  }
}
