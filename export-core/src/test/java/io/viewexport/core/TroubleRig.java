// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.retry.RetryPolicy;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.core.store.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A server with work under way, and what was accepted of it. */
final class TroubleRig {
  static final int CHUNKS = 6;

  final Rig rig = new Rig();
  final Noted noted = new Noted();

  /** The chunks of which each job's merge got a receipt. */
  final Map<JobId, List<Integer>> merged = new ConcurrentHashMap<>();

  TroubleRig() {
    rig.backend.chunk =
        (context, rows) -> {
          Await.pass(Duration.ofMillis(100));
          return rig.backend.stage(context, rows);
        };
    rig.backend.merge =
        context -> {
          List<Integer> chunks = new ArrayList<>();
          context.receipts().forEach(receipt -> chunks.add(receipt.chunk().chunk()));
          merged.put(context.jobId(), chunks);
          return rig.backend.merge(context);
        };
  }

  ExportService server(JobStore store, Duration lease) {
    ExportService server =
        ExportService.builder()
            .store(store)
            .source(rig.source)
            .backend(rig.backend)
            .listener(noted)
            .config(
                ExportConfig.builder()
                    .workerSlots(4)
                    .poolSize(20)
                    .leaseDuration(lease)
                    .pollInterval(Duration.ofMillis(10))
                    .cleanupGrace(Duration.ofMillis(50))
                    .shutdownGrace(Duration.ofSeconds(1))
                    .retryPolicy(
                        RetryPolicy.builder()
                            .initialDelay(Duration.ofMillis(300))
                            .cleanupInitialDelay(Duration.ofMillis(10))
                            .build())
                    .build())
            .build();
    server.start();
    return server;
  }

  static ExportRequest request() {
    return Rig.request(CHUNKS, "sof.patient");
  }

  static ExportRequest request(String key) {
    return ExportRequest.builder(ScriptedBackend.KIND)
        .options(ViewOptions.builder().chunkCount(CHUNKS).build())
        .view(ViewName.parse("sof.patient"))
        .idempotencyKey(key)
        .build();
  }

  /** Waits until so many attempts came to a good end. */
  void awaitDone(int count) {
    Await.until(count + " tasks are done", () -> noted.done.size() >= count);
  }

  /** Waits for the end of these jobs, whatever else happens. */
  void awaitOver(ExportService server, List<JobId> jobs) {
    jobs.forEach(job -> Await.until("job " + job + " is over", () -> isOver(server, job)));
  }

  /** Waits for the end of these jobs, and looks whether everything was done, and once. */
  void checkAllDone(ExportService server, List<JobId> jobs) {
    awaitOver(server, jobs);
    for (JobId job : jobs) {
      assertThat(server.find(job).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
      assertThat(merged.get(job))
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, CHUNKS).boxed().toList());
    }
    assertThat(noted.done).doesNotHaveDuplicates();
    assertThat(noted.failed).isEmpty();
    assertThat(rig.backend.target).containsEntry("patient", Rig.numbers(100));
    assertThat(server.isHealthy()).isTrue();
  }

  /** A job can't be seen while its database is away. */
  private static boolean isOver(ExportService server, JobId job) {
    try {
      ExportJob found = server.find(job).orElseThrow();
      return found.state().isFinal() && found.cleanup() == CleanupState.DONE;
    } catch (JobStoreException away) {
      return false;
    }
  }

  /** Notes what each task came to; a clean-up may come to a good end twice. */
  static final class Noted implements ExportListener {
    final List<TaskId> done = new CopyOnWriteArrayList<>();
    final List<TaskId> lost = new CopyOnWriteArrayList<>();
    final List<TaskId> failed = new CopyOnWriteArrayList<>();

    @Override
    public void attemptEnded(AttemptReport report) {
      switch (report.result()) {
        case DONE -> {
          if (report.task().type() != TaskType.CLEANUP) {
            done.add(report.task());
          }
        }
        case FAILED -> failed.add(report.task());
        case LEASE_LOST -> lost.add(report.task());
        case RELEASED -> {}
      }
    }
  }
}
