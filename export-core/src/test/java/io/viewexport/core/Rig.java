// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** Servers on one store, all time moved by hand, tasks run on the test's own thread. */
final class Rig {
  final ManualClock clock = new ManualClock();
  final JobStore store = InMemoryJobStore.create(clock);
  final ScriptedBackend backend = new ScriptedBackend();
  final NumberSource source = new NumberSource().with("sof.patient", 100).with("sof.other", 7);
  final NotedEvents events = new NotedEvents();
  final ExportConfig config =
      ExportConfig.builder().workerSlots(4).leaseDuration(Duration.ofSeconds(30)).build();

  ExportService server() {
    return server(store);
  }

  ExportService server(JobStore jobs) {
    return builder().store(jobs).build();
  }

  ExportService.Builder builder() {
    return ExportService.builder()
        .store(store)
        .source(source)
        .backend(backend)
        .config(config)
        .listener(events)
        .nanoTime(clock);
  }

  static ExportRequest request(int chunks, String... views) {
    ExportRequest.Builder request =
        ExportRequest.builder(ScriptedBackend.KIND)
            .options(ViewOptions.builder().chunkCount(chunks).build());
    List.of(views).forEach(view -> request.view(ViewName.parse(view)));
    return request.build();
  }

  /** Runs what is due and what becomes due within the time that retries take. */
  ExportJob drain(ExportService server, ExportJob job) {
    for (int round = 0; round < 40; round++) {
      while (server.runOnce()) {
        clock.advance(Duration.ofMillis(1));
      }
      clock.advance(Duration.ofSeconds(5));
    }
    return server.find(job.id()).orElseThrow();
  }

  static List<Long> numbers(int count) {
    return LongStream.range(0, count).boxed().toList();
  }
}
