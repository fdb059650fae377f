// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.viewexport.api.ExportException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.TaskId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LogLinesTest {
  private static final Logger OTHERS = LoggerFactory.getLogger("io.viewexport.others");
  private static final String SECRET = "Jane Doe";
  private final LogCapture log = new LogCapture("io.viewexport");
  private final Rig rig = new Rig();

  @AfterEach
  void stopCapturing() {
    log.close();
    MDC.clear();
  }

  @Test
  void everyLineOfATaskHasItsIds() {
    rig.backend.chunk =
        (context, rows) -> {
          OTHERS.info("a backend's line");
          context.saveCheckpoint("during an outage");
          if (context.attempt() == 1) {
            throw new IllegalStateException(SECRET);
          }
          return rig.backend.stage(context, rows);
        };
    Outage store = new Outage(rig.store, "saveCheckpoint", "load", "settle");
    try (ExportService server =
        rig.builder().store(store).source(new TalkativeSource(rig.source)).build()) {
      ExportJob job = server.submit(Rig.request(2, "sof.patient"));
      log.lines.clear();
      store.fails = 1;
      rig.drain(server, job);

      assertThat(log.lines)
          .extracting(ILoggingEvent::getFormattedMessage)
          .contains("a backend's line", "a source's line")
          .anyMatch(line -> line.contains("the store can't be reached"))
          .anyMatch(line -> line.startsWith("unexpected: java.lang.IllegalStateException"))
          .anyMatch(line -> line.contains("attempt=2 task=CHUNK done"))
          .anyMatch(line -> line.contains("state=completed"));
      assertThat(log.lines)
          .allSatisfy(
              line ->
                  assertThat(line.getMDCPropertyMap())
                      .containsEntry("job", job.id().value())
                      .containsKeys("task", "view", "chunk", "attempt"));
      assertThat(idsOf("a source's line"))
          .extracting(ids -> ids.get("chunk") + "#" + ids.get("attempt"))
          .contains("0#1", "0#2", "1#1", "1#2");
    }
  }

  private List<Map<String, String>> idsOf(String message) {
    return log.lines.stream()
        .filter(line -> line.getFormattedMessage().equals(message))
        .map(ILoggingEvent::getMDCPropertyMap)
        .toList();
  }

  @Test
  void aThreadOfTheHostKeepsItsOwnIdsAndGetsNoOthers() {
    rig.backend.chunk =
        (context, rows) -> {
          OTHERS.info("a backend's line");
          MDC.put("left-behind", "by a backend");
          MDC.remove("request");
          return rig.backend.stage(context, rows);
        };
    MDC.put("job", "the host's");
    MDC.put("request", "r1");
    Map<String, String> before = MDC.getCopyOfContextMap();
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(MDC.getCopyOfContextMap()).isEqualTo(before);
      assertThat(idsOf("a backend's line"))
          .containsExactly(
              Map.of(
                  "job", job.id().value(),
                  "request", "r1",
                  "task", "chunk",
                  "view", "0",
                  "chunk", "0",
                  "attempt", "1"));
    }
  }

  @Test
  void whatATaskDoesWhenItIsStoppedHasItsIdsOnWhateverThread() {
    CountDownLatch runs = new CountDownLatch(1);
    rig.backend.chunk =
        (context, rows) -> {
          CountDownLatch told = new CountDownLatch(1);
          context.stop().onStop(this::failOnStop);
          context.stop().onStop(told::countDown);
          runs.countDown();
          Await.latch(told);
          context.stop().throwIfStopped();
          throw new IllegalStateException("not told to stop");
        };
    JobId job;
    try (ExportService server =
        rig.builder().store(InMemoryJobStore.create()).nanoTime(System::nanoTime).build()) {
      server.start();
      job = server.submit(Rig.request(1, "sof.patient")).id();
      Await.latch(runs);
      server.cancel(job);
      Await.until("the job ends", () -> server.find(job).orElseThrow().state().isFinal());
    }
    assertThat(stopLines())
        .hasSize(2)
        .allSatisfy(
            line -> {
              assertThat(line.getThreadName()).startsWith("viewexport-stop");
              assertThat(line.getMDCPropertyMap())
                  .containsEntry("job", job.value())
                  .containsEntry("task", "chunk")
                  .containsEntry("attempt", "1");
            });
  }

  @Test
  void aStopActionHasTheIdsAlsoWhereItsOwnThreadsAreGone() {
    Lease lease = new Lease(new TaskId(new JobId("j"), TaskType.CHUNK, 2, 3), 4, "w");
    StopSource source =
        new StopSource(
            action -> {
              throw new RejectedExecutionException();
            },
            lease);
    MDC.put("job", "the caller's");
    source.onStop(this::failOnStop);
    source.give(StopReason.SHUTDOWN);

    assertThat(stopLines())
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line.getMDCPropertyMap())
                    .isEqualTo(
                        Map.of(
                            "job", "j", "task", "chunk", "view", "2", "chunk", "3", "attempt",
                            "4")));
    assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("job", "the caller's"));
  }

  private void failOnStop() {
    OTHERS.info("stopping");
    throw new IllegalStateException(SECRET);
  }

  private List<ILoggingEvent> stopLines() {
    return log.lines.stream()
        .filter(
            line ->
                line.getFormattedMessage().equals("stopping")
                    || line.getFormattedMessage().startsWith("an action on stop failed"))
        .toList();
  }

  @Test
  void noLineHoldsWhatOthersSaid() {
    SQLException cause = new SQLException(SECRET);
    AtomicInteger merges = new AtomicInteger();
    rig.backend.chunk =
        (context, rows) -> {
          context.stop().onStop(this::failOnStop);
          switch (context.attempt()) {
            case 1 -> throw ExportException.retryable("upload-broken", "It broke off.", cause);
            case 2 -> throw new StackOverflowError(SECRET);
            default -> {
              return rig.backend.stage(context, rows);
            }
          }
        };
    rig.backend.merge =
        context -> {
          if (merges.incrementAndGet() == 1) {
            throw new IllegalArgumentException(SECRET, cause);
          }
          return rig.backend.merge(context);
        };
    rig.backend.cleanup =
        context -> {
          throw new IllegalStateException(SECRET, cause);
        };
    Outage store = new Outage(InMemoryJobStore.create(), "claim", "renew", "settle", "announce");
    try (ExportService server =
        rig.builder()
            .store(store)
            .nanoTime(System::nanoTime)
            .config(
                ExportConfig.builder()
                    .leaseDuration(Duration.ofSeconds(1))
                    .pollInterval(Duration.ofMillis(5))
                    .retryPolicy(
                        io.viewexport.core.retry.RetryPolicy.builder()
                            .initialDelay(Duration.ofMillis(1))
                            .cleanupInitialDelay(Duration.ofMillis(1))
                            .build())
                    .build())
            .listener(
                new ExportListener() {
                  @Override
                  public void attemptEnded(AttemptReport report) {
                    throw new IllegalStateException(SECRET, cause);
                  }
                })
            .build()) {
      store.fails = 2;
      server.start();
      server.submit(Rig.request(1, "sof.patient"));
      Await.until(
          "the clean-up failed",
          () -> rig.events.notes.stream().anyMatch(note -> note.startsWith("cleanup failed")));
    }
    assertThat(log.lines)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.contains("loop="))
        .anyMatch(line -> line.contains("listener="))
        .anyMatch(line -> line.contains("upload-broken"))
        .anyMatch(line -> line.contains("an error of the JVM"))
        .noneMatch(line -> line.contains(SECRET));
    assertThat(log.lines).allMatch(line -> line.getThrowableProxy() == null);
  }

  /** A store of which some calls fail, each as often as a test says. */
  private static final class Outage extends OtherStore {
    private final List<String> calls;
    private final Map<String, AtomicInteger> failed =
        new java.util.concurrent.ConcurrentHashMap<>();
    volatile int fails;

    Outage(JobStore store, String... calls) {
      super(store);
      this.calls = List.of(calls);
    }

    @Override
    void before(String call) {
      AtomicInteger count = failed.computeIfAbsent(call, first -> new AtomicInteger());
      if (calls.contains(call) && count.getAndIncrement() < fails) {
        throw new JobStoreException(SECRET, new SQLException(SECRET));
      }
    }
  }

  private record TalkativeSource(ViewSource source) implements ViewSource {
    @Override
    public DescribedView describeView(ViewName view) {
      return source.describeView(view);
    }

    @Override
    public RowCursor openSlice(SliceRequest request, StopSignal stop) {
      OTHERS.info("a source's line");
      return source.openSlice(request, stop);
    }
  }
}
