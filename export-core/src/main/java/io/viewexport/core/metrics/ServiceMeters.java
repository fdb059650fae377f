// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.viewexport.core.ExportService;
import io.viewexport.core.ServerActivity;
import io.viewexport.core.store.QueueStats;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What is read from a service whenever a registry asks. */
final class ServiceMeters {
  private volatile Optional<ExportService> service = Optional.empty();
  private final ClusterSample cluster;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  ServiceMeters(LongSupplier nanoTime) {
    cluster = new ClusterSample(() -> service.map(ExportService::stats), nanoTime);
  }

  synchronized void watch(ExportService exports) {
    if (service.filter(other -> other != exports).isPresent()) {
      throw new IllegalStateException("these meters are another service's: make some for each");
    }
    service = Optional.of(exports);
  }

  void bindTo(MeterRegistry registry, Tags tags) {
    bindServer(new Binding(this, registry, tags));
    bindCluster(new Binding(this, registry, tags));
  }

  private static void bindServer(Binding to) {
    to.gauge(
        "viewexport.tasks.running",
        "tasks",
        "Tasks that this server works at",
        meters -> meters.activity().map(now -> (double) now.runningTasks()).orElse(Double.NaN));
    to.gauge(
        "viewexport.healthy",
        "",
        "1 while no error of the JVM has reached a task; 0: restart this server",
        meters -> meters.service.map(one -> oneIf(one.isHealthy())).orElse(Double.NaN));
    to.counter(
        "viewexport.rows",
        "rows",
        "Rows that attempts on this server have read, as they read them",
        meters -> meters.highest(meters.rows, ServerActivity::rowCount));
    to.counter(
        "viewexport.bytes",
        "bytes",
        "Bytes that attempts on this server have written, as they say so",
        meters -> meters.highest(meters.bytes, ServerActivity::byteCount));
  }

  private static void bindCluster(Binding to) {
    to.gauge(
        "viewexport.cluster.reachable",
        "",
        "1 where the job store answered when it was last asked, 0 where it did not",
        meters -> oneIf(meters.cluster.latest().isPresent()));
    to.age(
        "viewexport.cluster.queue.age",
        "How long the first task that is due has been due; 0: none is",
        stats -> stats.oldestDue().orElse(Duration.ZERO));
    to.age(
        "viewexport.cluster.job.age",
        "How long ago the oldest unfinished job was accepted; 0: there is none",
        stats -> stats.oldestUnfinished().orElse(Duration.ZERO));
    to.stat("viewexport.cluster.tasks.due", "tasks", "Tasks that are due", QueueStats::dueTasks);
    to.stat(
        "viewexport.cluster.tasks.running",
        "tasks",
        "Tasks in the hands of servers",
        QueueStats::leasedTasks);
    to.stat(
        "viewexport.cluster.jobs.unfinished",
        "jobs",
        "Jobs in no final state",
        QueueStats::unfinishedJobs);
    to.stat(
        "viewexport.cluster.jobs.held.back",
        "jobs",
        "Unfinished jobs that wait for others of their principal",
        QueueStats::heldBackJobs);
  }

  private Optional<ServerActivity> activity() {
    return service.map(ExportService::activity);
  }

  /** Never less than before, whatever cursors and backends say of themselves. */
  private double highest(AtomicLong before, ToLongFunction<ServerActivity> part) {
    long now = activity().map(part::applyAsLong).orElse(0L);
    return before.accumulateAndGet(now, Math::max);
  }

  private double ofCluster(ToDoubleFunction<QueueStats> part) {
    return cluster.latest().map(part::applyAsDouble).orElse(Double.NaN);
  }

  private static double oneIf(boolean condition) {
    return condition ? 1 : 0;
  }

  /** Registers meters of one service at one registry. */
  private record Binding(ServiceMeters meters, MeterRegistry registry, Tags tags) {
    void gauge(
        String name, String unit, String description, ToDoubleFunction<ServiceMeters> value) {
      Gauge.builder(name, meters, value)
          .description(description)
          .baseUnit(unit.isEmpty() ? null : unit)
          .tags(tags)
          .register(registry);
    }

    void counter(
        String name, String unit, String description, ToDoubleFunction<ServiceMeters> value) {
      FunctionCounter.builder(name, meters, value)
          .description(description)
          .baseUnit(unit)
          .tags(tags)
          .register(registry);
    }

    void stat(String name, String unit, String description, ToDoubleFunction<QueueStats> part) {
      gauge(name, unit, description, all -> all.ofCluster(part));
    }

    void age(String name, String description, Age age) {
      TimeGauge.builder(
              name,
              meters,
              TimeUnit.MILLISECONDS,
              all -> all.ofCluster(stats -> age.of(stats).toMillis()))
          .description(description)
          .tags(tags)
          .register(registry);
    }
  }

  private interface Age {
    Duration of(QueueStats stats);
  }
}
