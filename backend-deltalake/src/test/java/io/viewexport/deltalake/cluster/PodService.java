// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.SurplusChunks;
import io.viewexport.core.retry.RetryPolicy;
import io.viewexport.core.store.JobStore;
import java.time.Duration;

/** The settings that all services of a cluster share. */
final class PodService {
  private static final int SLOTS = 3;
  private static final int MANY = 1_000;

  private static final ExportConfig CONFIG =
      ExportConfig.builder()
          .workerSlots(SLOTS)
          .surplusChunks(SurplusChunks.WAIT)
          .leaseDuration(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(40))
          .cleanupGrace(Duration.ofMillis(300))
          .shutdownGrace(Duration.ofSeconds(20))
          .retryPolicy(
              RetryPolicy.builder()
                  .initialDelay(Duration.ofMillis(20))
                  .maxDelay(Duration.ofMillis(200))
                  .cleanupInitialDelay(Duration.ofMillis(50))
                  .maxLostLeases(MANY)
                  .build())
          .build();

  private PodService() {}

  /** A service that is not started. */
  static ExportService create(JobStore store, ViewSource source, ExportBackend backend) {
    return ExportService.builder()
        .store(store)
        .source(source)
        .backend(backend)
        .config(CONFIG)
        .build();
  }
}
