// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.AttemptReport;
import io.viewexport.core.ExportListener;
import io.viewexport.core.ExportService;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A service's Micrometer meters, all named {@code viewexport.*}. One for each service:
 *
 * <pre>{@code
 * ExportMetrics metrics = ExportMetrics.create();
 * ExportService exports = ExportService.builder() … .listener(metrics).build();
 * metrics.watch(exports).bindTo(registry); // before start(): what happens earlier is not counted
 * }</pre>
 *
 * <p>Tags are the kind of a job, the type of a task, results, states and codes of failures: never
 * ids, views or principals. Meters named {@code viewexport.cluster.*} show the whole cluster, alike
 * on each of its servers: take their maximum, not their sum. They ask the store, at most every 5 s
 * and on one thread at a time; where it can't be reached they are NaN. All others show this server
 * and ask nobody.
 *
 * <p>Safe for use by many threads. The meters last as long as the service is in use.
 */
public final class ExportMetrics implements MeterBinder, ExportListener {
  private final Tags tags;
  private final ServiceMeters service;
  private final FailureCodes codes = new FailureCodes();
  private final List<EventMeters> bound = new CopyOnWriteArrayList<>();

  private ExportMetrics(Iterable<Tag> tags) {
    this.tags = Tags.of(tags);
    service = new ServiceMeters(System::nanoTime);
  }

  /** Meters without tags of the host's. */
  public static ExportMetrics create() {
    return create(Tags.empty());
  }

  /**
   * Meters that each have these tags: for a host with several services.
   *
   * @param tags few values each
   */
  public static ExportMetrics create(Iterable<Tag> tags) {
    return new ExportMetrics(tags);
  }

  /**
   * Says which service the meters are about: the one that has this as a listener. Before or after
   * {@link #bindTo}.
   *
   * @throws IllegalStateException where it was another before
   */
  public ExportMetrics watch(ExportService exports) {
    service.watch(exports);
    return this;
  }

  /** Registers the meters. Several registries may be bound, each once. */
  @Override
  public void bindTo(MeterRegistry registry) {
    service.bindTo(registry, tags);
    bound.add(new EventMeters(registry, tags, codes));
  }

  @Override
  public void jobAccepted(ExportJob job) {
    each(meters -> meters.accepted(job.request().kind()));
  }

  @Override
  public void jobEnded(JobId job, JobState state) {
    each(meters -> meters.ended(state));
  }

  @Override
  public void attemptEnded(AttemptReport report) {
    each(meters -> meters.ended(report));
  }

  private void each(Consumer<EventMeters> what) {
    bound.forEach(what);
  }
}
