// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.request;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.SampleJobs.success;
import static io.viewexport.testkit.store.SampleJobs.unplanned;
import static io.viewexport.testkit.store.StoreWorld.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.StoredJob;
import io.viewexport.testkit.internal.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job's way through its stages, and what of it comes back. */
interface StageRules {

  @Test
  default void s02_everyFieldOfARequestAndAPlanComesBack(StoreWorld world) {
    ViewFilters filters =
        new ViewFilters(
            Optional.of(Instant.parse("0001-01-01T00:00:00.123456Z")), List.of("p1"), List.of("g"));
    ViewOptions options =
        ViewOptions.builder()
            .chunkCount(4)
            .mergeKey(List.of("id", "Größe"))
            .mergeMode(MergeMode.HISTORY)
            .timestampColumn("ts")
            .patientColumn("pat")
            .filters(filters)
            .build();
    ViewRequest view =
        new ViewRequest("out \"1\"", new ViewName("s.f", "v'"), options, Map.of("a", "b\u0000c"));
    ExportRequest request =
        ExportRequest.builder(SampleJobs.KIND)
            .view(view)
            .options(ViewOptions.builder().chunkCount(2).build())
            .snapshotMode(SnapshotMode.SHARED)
            .parameter("writeMode", "external-direct")
            .principal("Dr. Ö")
            .idempotencyKey("k")
            .clientTrackingId("t")
            .build();
    NewJob job = world.create(planned(request, 3, "key"));

    assertThat(world.find(job).request()).isEqualTo(request);
    StoredJob loaded = world.another().load(job.id()).orElseThrow();
    assertThat(loaded.request()).isEqualTo(request);
    assertThat(loaded.views()).containsExactly(SampleJobs.view(0));
    world.settleAll();
    assertThat(world.claimAll())
        .extracting(task -> task.slice().orElseThrow())
        .containsExactlyInAnyOrder(
            new ViewSlice.KeyHash(0, 3), new ViewSlice.KeyHash(1, 3), new ViewSlice.KeyHash(2, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        " leading and trailing ",
        "'; DROP TABLE job; --",
        "\"q\" \\ back\\slash \\n ${x} :name ? %s $1",
        "line\nbreak\r\ttab",
        "{\"json\": [1, null]}",
        "Größe, 漢字, עברית, é",
        "\uD83D\uDE80 beyond the first plane",
        "\u0001\u001F\u007F\u0085\uFFFD\uFEFF"
      })
  default void s02_oddTextComesBackAsItWas(String text, StoreWorld world) {
    ExportRequest request =
        request(1)
            .principal(text)
            .idempotencyKey(text)
            .clientTrackingId(text)
            .parameter("p", text)
            .build();
    NewJob job = world.create(planned(request, 1, text));
    assertThat(world.find(job).request()).isEqualTo(request);
    world.settleAll();

    ClaimedTask chunk = world.one(job);
    assertThat(world.store.saveCheckpoint(chunk.lease(), text)).isTrue();
    world.settle(chunk, new TaskEvent.RetryLater(retryable(text), Duration.ZERO));
    ClaimedTask again = world.one(job);
    assertThat(again.checkpoint()).contains(text);
    world.settle(again, new TaskEvent.ChunkExported(new ChunkReceipt(text, 1, 2)));
    assertThat(world.store.receipts(job.id(), 0).get(0).receipt().payload()).isEqualTo(text);
    ClaimedTask merge = world.one(job);
    world.settle(merge, new TaskEvent.GaveUp(retryable(text)));
    assertThat(world.find(job).failure().orElseThrow().last()).isEqualTo(retryable(text));
  }

  @Test
  default void s02_longTextComesBackWhole(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    world.settleAll();
    ClaimedTask chunk = world.one(job);
    String checkpoint = "漢".repeat(5_000);
    String receipt = "r".repeat(ChunkReceipt.MAX_PAYLOAD_BYTES);
    world.store.saveCheckpoint(chunk.lease(), checkpoint);
    world.settle(chunk, TaskEvent.Released.UNTOUCHED);
    ClaimedTask again = world.one(job);
    assertThat(again.checkpoint()).contains(checkpoint);
    world.settle(again, new TaskEvent.ChunkExported(new ChunkReceipt(receipt, Long.MAX_VALUE, 0)));
    assertThat(world.store.receipts(job.id(), 0).get(0).receipt().payload()).isEqualTo(receipt);
    assertThat(world.find(job).outputs().get(0).rowCount()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  default void s02_countsThatAreNotKnownComeBackAsSuch(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask merge = world.bringTo(TaskType.FINALIZE, job);
    MergeCounts some =
        new MergeCounts(
            OptionalLong.of(Long.MAX_VALUE),
            OptionalLong.empty(),
            OptionalLong.of(0),
            OptionalLong.empty());
    world.settle(merge, new TaskEvent.Merged("file:/x", some));
    assertThat(world.find(job).outputs().get(0).counts()).contains(some);
    assertThat(world.find(job).outputs().get(0).location()).contains("file:/x");
  }

  @Test
  default void s06_aJobRunsThroughItsStagesToItsEnd(StoreWorld world) {
    NewJob job = world.create(planned(2, 3));
    assertThat(world.state(job)).isEqualTo(JobState.ACCEPTED);
    assertThat(types(world.settleAll())).hasSize(2).containsOnly(TaskType.SETUP);
    assertThat(world.state(job)).isEqualTo(JobState.IN_PROGRESS);
    assertThat(types(world.settleAll())).hasSize(6).containsOnly(TaskType.CHUNK);
    assertThat(types(world.settleAll())).hasSize(2).containsOnly(TaskType.FINALIZE);
    ExportJob completed = world.find(job);
    assertThat(completed.state()).isEqualTo(JobState.COMPLETED);
    assertThat(completed.cleanup()).isEqualTo(CleanupState.OPEN);
    assertThat(completed.outputs())
        .allSatisfy(
            output -> {
              assertThat(output.outcome()).isEqualTo(MergeOutcome.MERGED);
              assertThat(output.counts()).contains(SampleJobs.COUNTS);
              assertThat(output.chunksDone()).isEqualTo(3);
              assertThat(output.rowCount()).isEqualTo(30);
              assertThat(output.byteCount()).isEqualTo(300);
            });

    assertThat(types(world.settleAll())).containsExactly(TaskType.CLEANUP);
    assertThat(world.find(job).cleanup()).isEqualTo(CleanupState.DONE);
    assertThat(world.state(job)).isEqualTo(JobState.COMPLETED);
    assertThat(world.claimAll()).isEmpty();
  }

  @Test
  default void s06_aJobWithoutAPlanBeginsWithPlanning(StoreWorld world) {
    NewJob job = world.create(unplanned(1));
    assertThat(types(world.settleAll())).containsExactly(TaskType.PLAN);
    assertThat(types(world.settleAll())).containsExactly(TaskType.SETUP);
    world.runToEnd(job);
    assertThat(world.state(job)).isEqualTo(JobState.COMPLETED);
  }

  /** Each letter is one of three chunks: what became of it, and whether the merge is due then. */
  @ParameterizedTest(name = "chunks {0}: the merge is due {1}")
  @CsvSource({
    "...,false", // none begun
    "d..,false", // some done
    "dd.,false",
    "ddd,true", // all done
    "dde,false", // one failed, to be tried again
    "ddp,false", // one in progress
    "ddx,false", // one whose lease ran out
    "ddr,false", // one handed back
    "ddl,true" // one that was done late: its lease had run out, nobody had taken it over
  })
  default void s06_mergesAreDueExactlyWhenEveryChunkIsDone(
      String shape, boolean due, StoreWorld world) {
    NewJob job = world.create(planned(1, 3));
    world.settleAll();
    for (int number = 0; number < shape.length(); number++) {
      if (shape.charAt(number) != '.') {
        meet(shape.charAt(number), world.one(job), world);
      }
    }
    List<TaskType> claimed = types(world.claimAll());
    assertThat(claimed.contains(TaskType.FINALIZE)).isEqualTo(due);
    assertThat(claimed).doesNotContain(TaskType.CLEANUP);
  }

  private static void meet(char fate, ClaimedTask chunk, StoreWorld world) {
    switch (fate) {
      case 'd' -> assertThat(world.succeed(chunk)).isTrue();
      case 'e' ->
          world.settle(chunk, new TaskEvent.RetryLater(retryable("e"), Duration.ofHours(1)));
      case 'p' -> world.renew(chunk);
      case 'x' -> world.advance(StoreWorld.PAST_LEASE);
      case 'r' -> world.settle(chunk, TaskEvent.Released.UNTOUCHED);
      case 'l' -> {
        world.advance(StoreWorld.PAST_LEASE);
        assertThat(world.succeed(chunk)).as("nobody has taken it over").isTrue();
      }
      default -> throw new IllegalArgumentException(String.valueOf(fate));
    }
  }

  @Test
  default void s06_noViewIsMergedBeforeTheChunksOfAll(StoreWorld world) {
    NewJob job = world.create(planned(2, 2));
    world.settleAll();
    List<ClaimedTask> chunks = world.claimAll();
    for (ClaimedTask chunk : chunks.subList(0, 3)) {
      world.succeed(chunk);
      assertThat(world.claimAll()).isEmpty();
    }
    world.succeed(chunks.get(3));
    assertThat(types(world.claimAll())).containsExactly(TaskType.FINALIZE, TaskType.FINALIZE);
    assertThat(world.state(job)).isEqualTo(JobState.IN_PROGRESS);
  }

  @Test
  default void s06_theLastTwoChunksOpenTheGateOnce(StoreWorld world) {
    List<JobStore> servers = world.servers(2);
    for (int round = 0; round < 25; round++) {
      NewJob job = world.create(planned(1, 2));
      world.settleAll();
      List<ClaimedTask> chunks = world.claimAll();
      List<Boolean> settled =
          Race.of(
              2,
              number -> {
                ClaimedTask chunk = chunks.get(number);
                return servers
                    .get(number)
                    .settle(chunk.lease(), JobStateMachine.on(success(chunk)));
              });
      assertThat(settled).containsOnly(true);
      assertThat(types(world.settleAll())).containsExactly(TaskType.FINALIZE);
      assertThat(world.state(job)).isEqualTo(JobState.COMPLETED);
      assertThat(types(world.settleAll())).containsExactly(TaskType.CLEANUP);
    }
  }

  @Test
  default void s09_timesAreInTheOrderOfEventsAndTheSameForAll(StoreWorld world) {
    NewJob job = world.create(planned(request(1).clientTrackingId("zones").build(), 1, "zones"));
    assertThat(world.find(job).startedAt()).isEmpty();
    world.runToEnd(job);
    ExportJob ended = world.find(job);
    assertThat(ended.startedAt().orElseThrow()).isAfterOrEqualTo(ended.createdAt());
    assertThat(ended.endedAt().orElseThrow()).isAfterOrEqualTo(ended.startedAt().orElseThrow());
    TimeZone home = TimeZone.getDefault();
    try {
      for (String zone : List.of("Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        assertThat(world.another().find(job.id())).as("seen from %s", zone).contains(ended);
        assertThat(listed(world, ended)).as("listed from %s", zone).containsExactly(ended);
        NewJob there = world.create(planned(1, 1));
        assertThat(world.find(there).createdAt())
            .isBetween(ended.createdAt(), ended.createdAt().plusSeconds(60));
        world.cancel(there);
        world.settleAll();
      }
    } finally {
      TimeZone.setDefault(home);
    }
    assertThat(world.find(job)).isEqualTo(ended);
  }

  private static List<ExportJob> listed(StoreWorld world, ExportJob job) {
    return world.store.list(
        JobFilter.builder()
            .clientTrackingId("zones")
            .createdFrom(job.createdAt())
            .createdBefore(job.createdAt().plusMillis(1))
            .build());
  }
}
