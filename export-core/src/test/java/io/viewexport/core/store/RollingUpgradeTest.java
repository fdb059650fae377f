// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.core.store.TestJobs.planned;
import static io.viewexport.core.store.TestJobs.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.state.PlannedExport;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Servers of the first version and of this one, on one schema at the same time. */
class RollingUpgradeTest {
  private static final ViewOptions OPTIONS =
      new ViewOptions(
          OptionalInt.of(2),
          List.of("id", "part"),
          Optional.of(MergeMode.UPSERT),
          Optional.of("ts"),
          Optional.of("patient"),
          Optional.of(
              new ViewFilters(
                  Optional.of(Instant.parse("2026-01-31T00:00:00Z")),
                  List.of("Patient/1"),
                  List.of("Group/1"))),
          Map.of());

  /** What {@code request.json} says. */
  private static final ExportRequest REQUEST =
      new ExportRequest(
          TestJobs.KIND,
          List.of(new ViewRequest("view0", TestJobs.name(0), OPTIONS, Map.of("tablePath", "/t0"))),
          ViewOptions.builder().chunkCount(2).build(),
          SnapshotMode.PER_CHUNK,
          Map.of("a", "b"),
          Optional.of("p"),
          Optional.of("k"),
          Optional.of("c"),
          Map.of());

  /** What {@code view.json} says. */
  private static final ExportView VIEW =
      new ExportView(
          0,
          "view0",
          new DescribedView(
              TestJobs.name(0),
              new ViewSchema(
                  List.of(
                      new ViewColumn("id", ColumnType.STRING, "text"),
                      new ViewColumn("n", ColumnType.decimal(10, 2), "numeric(10,2)"))),
              OptionalLong.of(100),
              OptionalLong.of(2000),
              Set.of(SliceKind.WHOLE, SliceKind.KEY_HASH)),
          OPTIONS.resolve(ViewOptions.UNSET),
          Map.of("tablePath", "/t0"));

  private final DataSource database = TestPool.of(StoreDatabase.fresh());
  private final OldServer old = new OldServer(database, "old");

  private PostgresJobStore open() {
    return PostgresJobStore.open(database);
  }

  private JobId oldJob(int chunks) {
    JobId id = JobId.random();
    old.create(id, chunks);
    return id;
  }

  private static TaskEvent event(ClaimedTask task) {
    return success(task, planned(1, 1));
  }

  /** Has servers do one task after the other, in turn, until there is none; returns how many. */
  private static int drive(List<Peer> servers) {
    int done = 0;
    int idle = 0;
    for (int turn = 0; idle < 2 * servers.size(); turn++) {
      Peer server = servers.get(turn % servers.size());
      List<ClaimedTask> tasks = server.claim(1);
      for (ClaimedTask task : tasks) {
        assertThat(server.settle(task.lease(), on(event(task)))).isTrue();
        done++;
      }
      idle = tasks.isEmpty() ? idle + 1 : 0;
    }
    return done;
  }

  private static ClaimedTask claimOne(Peer server, TaskType type) {
    List<ClaimedTask> tasks = server.claim(1);
    assertThat(tasks).hasSize(1).allMatch(task -> TestJobs.is(task, type));
    return tasks.get(0);
  }

  private static void settleOne(Peer server, TaskType type) {
    ClaimedTask task = claimOne(server, type);
    assertThat(server.settle(task.lease(), on(event(task)))).isTrue();
  }

  @Test
  void jobsOfBothAreDoneByBothInTurn() {
    PostgresJobStore store = open();
    JobId first = oldJob(5);
    NewJob second = planned(1, 5);
    store.create(second);
    Peer current = Peer.of(store, "new");

    assertThat(drive(List.of(old, current, new OldServer(database, "old2"), current)))
        .isEqualTo(16);
    for (JobId id : List.of(first, second.id())) {
      ExportJob job = store.find(id).orElseThrow();
      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(job.cleanup()).isEqualTo(CleanupState.DONE);
      assertThat(job.outputs().get(0).outcome()).isEqualTo(MergeOutcome.MERGED);
      assertThat(job.outputs().get(0).counts()).contains(TestJobs.COUNTS);
      assertThat(job.outputs().get(0).rowCount()).isEqualTo(50);
      assertThat(old.state(id)).isEqualTo(JobState.COMPLETED);
      assertThat(old.receipts(id))
          .hasSize(5)
          .isEqualTo(store.receipts(id, 0).stream().map(one -> one.receipt().payload()).toList());
    }
    assertThat(old.list()).containsExactly(second.id().value(), first.value());
  }

  @Test
  void whatTheOldWroteIsRead() {
    old.install();
    JobId id = oldJob(2);
    PostgresJobStore store = open();
    assertThat(store.find(id).orElseThrow().request()).isEqualTo(REQUEST);
    assertThat(store.load(id).orElseThrow().views()).containsExactly(VIEW);

    Peer current = Peer.of(store, "new");
    settleOne(current, TaskType.SETUP);
    ClaimedTask chunk = claimOne(current, TaskType.CHUNK);
    assertThat(chunk.slice()).contains(new ViewSlice.KeyHash(0, 2));
    current.settle(chunk.lease(), on(event(chunk)));
    ClaimedTask failing = claimOne(old, TaskType.CHUNK);
    TaskEvent gaveUp = new TaskEvent.GaveUp(TestJobs.cause(FailureKind.PERMANENT, "no"));
    assertThat(old.settle(failing.lease(), on(gaveUp))).isTrue();

    ExportJob job = store.find(id).orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure().orElseThrow().last().code()).isEqualTo("no");
  }

  @Test
  void whatIsWrittenHasAllThatTheOldRead() throws IOException {
    PostgresJobStore store = open();
    PlannedExport plan =
        new PlannedExport(
            List.of(
                new PlannedExport.PlannedView(VIEW, List.of(new ViewSlice.KeyHash(0, 1)), "key")));
    JobId id = store.create(new NewJob(JobId.random(), REQUEST, Optional.of(plan), false));
    assertHolds("request.json", old.stored("load-job", "request", id));
    assertHolds("view.json", old.stored("load-views", "definition", id));
    Peer current = Peer.of(store, "new");
    settleOne(current, TaskType.SETUP);
    ClaimedTask chunk = claimOne(current, TaskType.CHUNK);
    assertThat(chunk.slice()).contains(new ViewSlice.KeyHash(0, 1));
    TaskEvent gaveUp = new TaskEvent.GaveUp(TestJobs.cause(FailureKind.PERMANENT, "no"));
    current.settle(chunk.lease(), on(gaveUp));
    assertHolds("failure.json", old.stored("find-jobs", "failure", id));

    NewJob other = planned(1, 1);
    store.create(other);
    drive(List.of(current));
    assertHolds("counts.json", old.stored("find-outputs", "counts", other.id()));
  }

  private static void assertHolds(String file, String written) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    assertHolds(file, mapper.readTree(OldServer.file(file)), mapper.readTree(written));
  }

  private static void assertHolds(String path, JsonNode known, JsonNode written) {
    if (known.isObject()) {
      known
          .properties()
          .forEach(
              field -> {
                String name = path + "/" + field.getKey();
                assertThat(written.has(field.getKey())).as(name).isTrue();
                assertHolds(name, field.getValue(), written.get(field.getKey()));
              });
    } else if (known.isArray() && known.path(0).isObject()) {
      assertThat(written).as(path).hasSameSizeAs(known);
      for (int i = 0; i < known.size(); i++) {
        assertHolds(path + "/" + i, known.get(i), written.get(i));
      }
    } else if (known.isArray()) {
      assertThat(written).as(path).containsExactlyInAnyOrderElementsOf(known);
    } else {
      assertThat(written).as(path).isEqualTo(known);
    }
  }

  @Test
  void aCancelOfEachReachesTheTasksOfTheOther() {
    PostgresJobStore store = open();
    Peer current = Peer.of(store, "new");
    JobId first = oldJob(1);
    settleOne(current, TaskType.SETUP);
    ClaimedTask held = claimOne(current, TaskType.CHUNK);
    assertThat(old.cancel(first)).isTrue();
    assertThat(store.renew(List.of(new LeaseProgress(held.lease(), 1, 1)), TestJobs.LEASE))
        .containsEntry(held.lease(), LeaseStatus.JOB_ENDING);
    assertThat(current.settle(held.lease(), on(new TaskEvent.Stopped()))).isTrue();
    drive(List.of(old));

    NewJob second = planned(1, 1);
    store.create(second);
    settleOne(old, TaskType.SETUP);
    ClaimedTask olds = claimOne(old, TaskType.CHUNK);
    assertThat(old.renew(olds.lease())).contains(StopCause.NONE);
    assertThat(current.cancel(second.id())).isTrue();
    assertThat(old.renew(olds.lease())).contains(StopCause.CANCEL);
    assertThat(old.settle(olds.lease(), on(new TaskEvent.Stopped()))).isTrue();
    drive(List.of(current));

    assertThat(store.find(first).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    assertThat(old.state(second.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aLeaseThatRanOutGoesToTheOtherAndItsHolderIsFenced() {
    PostgresJobStore store = open();
    Peer current = Peer.of(store, "new");
    JobId job = oldJob(1);
    ClaimedTask olds = claimOne(old, TaskType.SETUP);
    endLeases();
    ClaimedTask taken = claimOne(current, TaskType.SETUP);
    assertThat(taken.lease().token()).isEqualTo(2);
    assertThat(old.renew(olds.lease())).isEmpty();
    assertThat(old.settle(olds.lease(), on(event(olds)))).isFalse();

    endLeases();
    ClaimedTask back = claimOne(old, TaskType.SETUP);
    assertThat(back.lease().token()).isEqualTo(3);
    assertThat(back.lostLeases()).isEqualTo(2);
    assertThat(current.settle(taken.lease(), on(event(taken)))).isFalse();
    assertThat(old.settle(back.lease(), on(event(back)))).isTrue();
    drive(List.of(old, current));
    assertThat(store.find(job).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
  }

  private void endLeases() {
    StoreDatabase.run(
        database, "UPDATE viewexport.task SET lease_until = lease_until - interval '1 hour'");
  }

  @Test
  void aJobThatIsHeldBackIsNotBegunByTheOldThoughTheyMayEndIt() {
    PostgresJobStore store = open();
    NewJob plan = planned(1, 1);
    NewJob waiting = new NewJob(JobId.random(), plan.request(), plan.plan(), true);
    NewJob cancelled = new NewJob(JobId.random(), plan.request(), plan.plan(), true);
    store.create(waiting);
    store.create(cancelled);
    assertThat(old.claim(10)).isEmpty();

    assertThat(old.cancel(cancelled.id())).isTrue();
    drive(List.of(old));
    assertThat(store.find(cancelled.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    assertThat(store.admit(OptionalInt.of(1))).isEqualTo(1);
    drive(List.of(old));
    assertThat(store.find(waiting.id()).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void theSchemaIsBroughtUpWhileOldServersWork() throws Exception {
    old.install();
    List<JobId> jobs = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      jobs.add(oldJob(3));
    }
    drive(jobs.size(), old);
    old.claim(5);
    endLeases();
    old.cancel(jobs.get(3));
    Map<TaskId, Integer> done = new ConcurrentHashMap<>();
    CountDownLatch underWay = new CountDownLatch(20);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Peer server = new OldServer(database, "old" + i);
        running.add(threads.submit(() -> work(server, jobs, done, underWay)));
      }
      assertThat(underWay.await(30, TimeUnit.SECONDS)).isTrue();
      PostgresJobStore store = open();
      running.add(threads.submit(() -> work(Peer.of(store, "new"), jobs, done, underWay)));
      for (Future<?> one : running) {
        one.get(60, TimeUnit.SECONDS);
      }
      for (JobId job : jobs) {
        assertThat(store.find(job).orElseThrow().state())
            .isEqualTo(job.equals(jobs.get(3)) ? JobState.CANCELLED : JobState.COMPLETED);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(done.values()).containsOnly(1);
  }

  /** Does this many tasks. */
  private static void drive(int tasks, Peer server) {
    for (int i = 0; i < tasks; i++) {
      for (ClaimedTask task : server.claim(1)) {
        assertThat(server.settle(task.lease(), on(event(task)))).isTrue();
      }
    }
  }

  private void work(
      Peer server, List<JobId> jobs, Map<TaskId, Integer> done, CountDownLatch underWay) {
    while (!jobs.stream().allMatch(job -> old.state(job).isFinal())) {
      for (ClaimedTask task : server.claim(4)) {
        boolean stops = task.stop() == StopCause.CANCEL && !TestJobs.is(task, TaskType.CLEANUP);
        TaskEvent event = stops ? new TaskEvent.Stopped() : event(task);
        if (server.settle(task.lease(), on(event)) && !stops) {
          done.merge(task.lease().task(), 1, Integer::sum);
          underWay.countDown();
        }
      }
    }
  }

  @Test
  void manyServersOfBothMayOpenTheStoreAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch start = new CountDownLatch(1);
    try {
      List<Future<?>> opened = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Runnable server = i % 2 == 0 ? old::install : () -> open().close();
        opened.add(
            threads.submit(
                () -> {
                  assertThat(start.await(30, TimeUnit.SECONDS)).isTrue();
                  server.run();
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> one : opened) {
        one.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    JobId job = oldJob(2);
    PostgresJobStore store = open();
    drive(List.of(old, Peer.of(store, "new")));
    assertThat(store.find(job).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void theNewestSchemaSaysThatTheOldestServersMayUseIt() {
    open().close();
    old.install();
    setOldestUser(2);
    assertThatThrownBy(old::install).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theHighestWordOnWhoMayUseASchemaCounts() {
    open().close();
    int newest = SchemaStepsTest.steps().size();
    setOldestUser(newest);
    StoreDatabase.run(database, "INSERT INTO viewexport.schema_version VALUES (1000, 1, now())");
    open().close();
    StoreDatabase.run(
        database,
        "INSERT INTO viewexport.schema_version VALUES (999, %d, now())".formatted(newest + 1));
    assertThatThrownBy(this::open)
        .isInstanceOf(JobStoreException.class)
        .hasMessageContaining("version 1000");
  }

  private void setOldestUser(int version) {
    StoreDatabase.run(database, "UPDATE viewexport.schema_version SET oldest_user = " + version);
  }
}
