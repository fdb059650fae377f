// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobState;
import io.viewexport.core.AttemptReport;
import java.util.Locale;
import java.util.stream.Stream;

/** What one registry counts by the events of a service. */
final class EventMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final FailureCodes codes;
  private final Counter leasesLost;

  EventMeters(MeterRegistry registry, Tags tags, FailureCodes codes) {
    this.registry = registry;
    this.tags = tags;
    this.codes = codes;
    leasesLost =
        Counter.builder("viewexport.leases.lost")
            .description("Leases that this server lost, or may have; the work was dropped")
            .baseUnit("leases")
            .tags(tags)
            .register(registry);
    Stream.of(JobState.values()).filter(JobState::isFinal).forEach(this::jobsEnded);
  }

  void accepted(String kind) {
    Counter.builder("viewexport.jobs.accepted")
        .description("Jobs that this server accepted")
        .baseUnit("jobs")
        .tags(tags.and("kind", kind))
        .register(registry)
        .increment();
  }

  void ended(JobState state) {
    jobsEnded(state).increment();
  }

  private Counter jobsEnded(JobState state) {
    return Counter.builder("viewexport.jobs.ended")
        .description("Jobs that this server brought to their end")
        .baseUnit("jobs")
        .tags(tags.and("state", state.code()))
        .register(registry);
  }

  void ended(AttemptReport report) {
    Tags task = tags.and("kind", report.kind(), "task", code(report.task().type()));
    Timer.builder("viewexport.attempts")
        .description("Attempts at tasks on this server, and how long each was held")
        .tags(task.and("result", code(report.result())))
        .register(registry)
        .record(report.elapsed());
    report.failure().ifPresent(cause -> failed(task, cause));
    if (report.result() == AttemptReport.Result.LEASE_LOST) {
      leasesLost.increment();
    }
  }

  private void failed(Tags task, FailureCause cause) {
    Counter.builder("viewexport.failures")
        .description("Attempts on this server that failed")
        .baseUnit("failures")
        .tags(task.and("failure", code(cause.kind()), "code", codes.bounded(cause.code())))
        .register(registry)
        .increment();
  }

  private static String code(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
