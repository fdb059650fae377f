// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.viewexport.api.ExportException;
import io.viewexport.core.metrics.ExportMetrics;
import io.viewexport.core.store.JobStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExportMetricsTest {
  private final Rig rig = new Rig();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final ExportMetrics metrics = ExportMetrics.create(Tags.of("app", "fhir"));

  private ExportService server() {
    ExportService server = rig.builder().listener(metrics).build();
    metrics.watch(server).bindTo(registry);
    return server;
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  private Timer attempts(String task, String result) {
    return registry
        .get("viewexport.attempts")
        .tags("app", "fhir", "kind", ScriptedBackend.KIND, "task", task, "result", result)
        .timer();
  }

  @Test
  void attemptsAreCountedAndTimed() {
    rig.backend.chunk =
        (context, rows) -> {
          rig.clock.advance(Duration.ofSeconds(3));
          if (context.attempt() == 1) {
            throw ExportException.retryable("upload-broken", "The upload broke off.", null);
          }
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = server()) {
      rig.drain(server, server.submit(Rig.request(2, "sof.patient")));

      assertThat(attempts("chunk", "failed").count()).isEqualTo(2);
      assertThat(attempts("chunk", "done").count()).isEqualTo(2);
      assertThat(attempts("chunk", "done").totalTime(TimeUnit.SECONDS)).isEqualTo(6);
      assertThat(attempts("finalize", "done").count()).isEqualTo(1);
      assertThat(
              counter(
                  "viewexport.failures",
                  "task",
                  "chunk",
                  "failure",
                  "retryable",
                  "code",
                  "upload-broken"))
          .isEqualTo(2);
      assertThat(counter("viewexport.jobs.accepted", "kind", ScriptedBackend.KIND)).isEqualTo(1);
      assertThat(counter("viewexport.jobs.ended", "state", "completed")).isEqualTo(1);
      assertThat(counter("viewexport.jobs.ended", "state", "failed")).isZero();
      assertThat(counter("viewexport.leases.lost")).isZero();
      assertThat(gauge("viewexport.healthy")).isEqualTo(1);
    }
  }

  @Test
  void rowsAndBytesGrowWhileAChunkRunsAndNeverShrink() {
    List<Double> rowsSeen = new ArrayList<>();
    rig.backend.chunk =
        (context, rows) -> {
          for (int row = 0; row < 10; row++) {
            rows.next();
          }
          context.progress(70);
          context.progress(-1000);
          rowsSeen.add(registry.get("viewexport.rows").functionCounter().count());
          rowsSeen.add(registry.get("viewexport.bytes").functionCounter().count());
          rowsSeen.add(gauge("viewexport.tasks.running"));
          if (context.attempt() == 1) {
            throw ExportException.retryable("upload-broken", "The upload broke off.", null);
          }
          throw ExportException.permanent("no", "No.", null);
        };
    try (ExportService server = server()) {
      rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(rowsSeen).containsExactly(10.0, 70.0, 1.0, 20.0, 140.0, 1.0);
      assertThat(registry.get("viewexport.rows").functionCounter().count()).isEqualTo(20);
      assertThat(gauge("viewexport.tasks.running")).isZero();
      assertThat(counter("viewexport.jobs.ended", "state", "failed")).isEqualTo(1);
    }
  }

  @Test
  void aLostLeaseIsCounted() {
    rig.backend.chunk =
        (context, rows) -> {
          if (context.attempt() == 1) {
            rig.clock.advance(Duration.ofSeconds(31));
          }
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = server()) {
      rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(counter("viewexport.leases.lost")).isEqualTo(1);
      assertThat(attempts("chunk", "lease-lost").count()).isEqualTo(1);
    }
  }

  @Test
  void theClusterIsShownAsTheStoreSeesIt() {
    try (ExportService server = server()) {
      server.submit(Rig.request(4, "sof.patient", "sof.other"));
      rig.clock.advance(Duration.ofSeconds(90));

      assertThat(gauge("viewexport.cluster.reachable")).isEqualTo(1);
      assertThat(gauge("viewexport.cluster.queue.age")).isEqualTo(90);
      assertThat(gauge("viewexport.cluster.job.age")).isEqualTo(90);
      assertThat(gauge("viewexport.cluster.tasks.due")).isEqualTo(2);
      assertThat(gauge("viewexport.cluster.tasks.running")).isZero();
      assertThat(gauge("viewexport.cluster.jobs.unfinished")).isEqualTo(1);
      assertThat(gauge("viewexport.cluster.jobs.held.back")).isZero();
    }
  }

  @Test
  void nothingToDoIsNoAge() {
    try (ExportService server = server()) {
      assertThat(server.stats().oldestDue()).isEmpty();
      assertThat(gauge("viewexport.cluster.queue.age")).isZero();
      assertThat(gauge("viewexport.cluster.job.age")).isZero();
    }
  }

  @Test
  void aStoreThatCannotBeReachedGivesNoNumbersAndIsAskedOnce() {
    AtomicInteger asked = new AtomicInteger();
    OtherStore away =
        new OtherStore(rig.store) {
          @Override
          void before(String call) {
            asked.incrementAndGet();
            throw new JobStoreException("the store can't be reached", null);
          }
        };
    try (ExportService server = rig.builder().store(away).listener(metrics).build()) {
      metrics.watch(server).bindTo(registry);

      assertThat(clusterGauges()).hasSize(6).allMatch(value -> value.isNaN());
      assertThat(gauge("viewexport.cluster.reachable")).isZero();
      assertThat(gauge("viewexport.healthy")).isEqualTo(1);
      assertThat(gauge("viewexport.tasks.running")).isZero();
      assertThat(asked).hasValue(1);
    }
  }

  private List<Double> clusterGauges() {
    return registry.getMeters().stream()
        .map(meter -> meter.getId().getName())
        .filter(name -> name.startsWith("viewexport.cluster."))
        .filter(name -> !name.endsWith(".reachable"))
        .map(this::gauge)
        .toList();
  }

  @Test
  void metersWithoutAServiceSayNothing() {
    metrics.bindTo(registry);

    assertThat(clusterGauges()).hasSize(6).allMatch(value -> value.isNaN());
    assertThat(gauge("viewexport.healthy")).isNaN();
    assertThat(registry.get("viewexport.rows").functionCounter().count()).isZero();
  }

  @Test
  void eachRegistryCounts() {
    MeterRegistry second = new SimpleMeterRegistry();
    try (ExportService server = server()) {
      metrics.bindTo(second);
      rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(counter("viewexport.jobs.ended", "state", "completed")).isEqualTo(1);
      assertThat(second.get("viewexport.jobs.ended").tags("state", "completed").counter().count())
          .isEqualTo(1);
    }
  }

  @Test
  void metersAreOneServicesOnly() {
    try (ExportService server = server();
        ExportService other = rig.server()) {
      assertThat(metrics.watch(server)).isSameAs(metrics);
      assertThatThrownBy(() -> metrics.watch(other)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void tagsAreFewAndEveryMeterIsExplainedHereAndToTheReader() throws IOException {
    rig.backend.merge =
        context -> {
          throw ExportException.permanent("null-keys", "A key is NULL.", null);
        };
    try (ExportService server = server()) {
      rig.drain(server, server.submit(Rig.request(1, "sof.patient")));
    }
    String readme = Files.readString(Path.of("../README.md"));
    for (Meter meter : registry.getMeters()) {
      Meter.Id id = meter.getId();
      assertThat(id.getName()).startsWith("viewexport.");
      assertThat(id.getDescription()).isNotBlank();
      assertThat(readme).contains("`" + id.getName() + "`");
      assertThat(id.getTags()).contains(Tag.of("app", "fhir"));
      assertThat(id.getTags())
          .extracting(Tag::getKey)
          .isSubsetOf(Set.of("app", "kind", "task", "result", "failure", "code", "state"));
    }
  }
}
