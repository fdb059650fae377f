// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewAdvice;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import io.viewexport.deltalake.DeltaLakeBackend;
import io.viewexport.deltalake.DeltaLakeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One use of the library, as a host does it: a service over a job store, a source and a backend; a
 * request; its job watched to the end.
 */
final class ExportRun implements AutoCloseable {
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(100);

  /** How long a store that does not answer is asked again: a server's restart is no failure. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long Ctrl-C waits for running tasks. */
  private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(1);

  private final Arguments arguments;
  private final ViewSource source;
  private final JobStore store;
  private final ExportBackend backend;
  private final ExportService service;

  private ExportRun(Arguments arguments, Database database) {
    this.arguments = arguments;
    this.source = PostgresViewSource.create(database.pool());
    this.store =
        arguments.store() == StoreKind.POSTGRES
            ? PostgresJobStore.open(database.pool())
            : InMemoryJobStore.create();
    this.backend = DeltaLakeBackend.create(backendConfig(arguments.target()));
    this.service =
        ExportService.builder()
            .store(store)
            .source(source)
            .backend(backend)
            .config(config(arguments, database))
            .build();
  }

  /** Builds the service; the caller closes the run. */
  static ExportRun open(Arguments arguments, Database database) {
    return new ExportRun(arguments, database);
  }

  private static ExportConfig config(Arguments arguments, Database database) {
    return ExportConfig.builder()
        .workerSlots(arguments.chunks())
        .poolSize(database.poolSize())
        .leaseDuration(LEASE)
        .pollInterval(POLL)
        // A worker of this program that is gone was killed, not frozen.
        .cleanupGrace(LEASE)
        .shutdownGrace(SHUTDOWN_GRACE)
        .build();
  }

  /**
   * Every folder is allowed: who runs this program could write there anyway, and a job that a
   * killed run left in the store may have another target.
   */
  private static DeltaLakeConfig backendConfig(Path target) {
    return DeltaLakeConfig.builder()
        .allowedRoots(List.of(Objects.requireNonNullElse(target.getRoot(), target)))
        .build();
  }

  /** Whether an unfinished job of the same arguments was there already. */
  boolean isResumed() {
    return sameJobs().stream().anyMatch(job -> !job.state().isFinal());
  }

  /** How many rows the view has, as far as its database can guess. */
  OptionalLong estimatedRows() {
    return source.describeView(arguments.view()).estimatedRows();
  }

  /** What makes the view slow or unsafe to export, where that can be found out. */
  List<ViewAdvice> advice() {
    try {
      return service.adviseOn(arguments.view(), request().options());
    } catch (ExportException noAdvice) {
      return List.of();
    }
  }

  /** Submits the request and shows its progress until the job is at its end. */
  ExportJob export(ProgressDisplay display) {
    service.start();
    ExportJob job = service.submit(request());
    while (!job.state().isFinal()) {
      display.update(Progress.of(job));
      job = again(job);
    }
    display.finish(Progress.of(job));
    return job;
  }

  /** Waits until nothing is left to clean up, of this job or of earlier ones like it. */
  ExportJob awaitCleanup(ExportJob job) {
    ExportJob ended = job;
    while (isOpen(ended) || patiently(this::sameJobs).stream().anyMatch(ExportRun::isOpen)) {
      ended = again(ended);
    }
    return ended;
  }

  private static boolean isOpen(ExportJob job) {
    return job.cleanup() == CleanupState.NOT_DUE || job.cleanup() == CleanupState.OPEN;
  }

  private ExportJob again(ExportJob job) {
    pause();
    return patiently(() -> service.find(job.id())).orElse(job);
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuickstartException("Interrupted; run the same command again.", e);
    }
  }

  private static <T> T patiently(Supplier<T> question) {
    long start = System.nanoTime();
    while (true) {
      try {
        return question.get();
      } catch (JobStoreException e) {
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new QuickstartException(
              e.getMessage() + ". Then run the same command again: it goes on with the export.", e);
        }
        pause();
      }
    }
  }

  private List<ExportJob> sameJobs() {
    Optional<String> key = Optional.of(IdempotencyKey.of(arguments));
    return service.list(JobFilter.NEWEST).stream()
        .filter(job -> job.request().idempotencyKey().equals(key))
        .toList();
  }

  private ExportRequest request() {
    ViewOptions.Builder options =
        ViewOptions.builder()
            .chunkCount(arguments.chunks())
            .mergeKey(arguments.key())
            .mergeMode(arguments.effectiveMode());
    arguments.timestamp().ifPresent(options::timestampColumn);
    arguments.since().ifPresent(since -> options.filters(ViewFilters.since(since)));
    return ExportRequest.builder("data-lakehouse")
        .view(arguments.view())
        .options(options.build())
        .parameter("writeMode", "external-direct")
        .parameter("tablePath", arguments.target().toString())
        .idempotencyKey(IdempotencyKey.of(arguments))
        .build();
  }

  @Override
  public void close() {
    service.close();
    backend.close();
    store.close();
  }
}
