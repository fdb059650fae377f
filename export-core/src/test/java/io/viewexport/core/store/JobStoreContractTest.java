// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.core.store.TestJobs.LEASE;
import static io.viewexport.core.store.TestJobs.claim;
import static io.viewexport.core.store.TestJobs.planned;
import static io.viewexport.core.store.TestJobs.request;
import static io.viewexport.core.store.TestJobs.retryable;
import static io.viewexport.core.store.TestJobs.success;
import static io.viewexport.core.store.TestJobs.unplanned;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.CancelContext.EndedView;
import io.viewexport.api.chunk.AcceptedReceipt;
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
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every job store does. */
abstract class JobStoreContractTest {
  private static final Decision CANCEL = on(new JobEvent.CancelRequested());

  JobStore store;

  /** An empty store. */
  abstract JobStore open();

  /** Lets the store's time pass. */
  abstract void advance(Duration time);

  @BeforeEach
  void openStore() {
    store = open();
  }

  @Test
  void aPlannedJobRunsThroughItsStagesToItsEnd() {
    NewJob job = planned(2, 3);
    assertThat(store.create(job)).isEqualTo(job.id());
    assertThat(state(job)).isEqualTo(JobState.ACCEPTED);

    assertThat(types(settleAll(job))).hasSize(2).containsOnly(TaskType.SETUP);
    assertThat(state(job)).isEqualTo(JobState.IN_PROGRESS);
    assertThat(types(settleAll(job))).hasSize(6).containsOnly(TaskType.CHUNK);
    assertThat(types(settleAll(job))).hasSize(2).containsOnly(TaskType.FINALIZE);
    ExportJob completed = find(job);
    assertThat(completed.state()).isEqualTo(JobState.COMPLETED);
    assertThat(completed.cleanup()).isEqualTo(CleanupState.OPEN);
    assertThat(completed.outputs())
        .allSatisfy(
            output -> {
              assertThat(output.outcome()).isEqualTo(MergeOutcome.MERGED);
              assertThat(output.counts()).contains(TestJobs.COUNTS);
              assertThat(output.chunksDone()).isEqualTo(3);
              assertThat(output.rowCount()).isEqualTo(30);
              assertThat(output.byteCount()).isEqualTo(300);
            });
    assertThat(completed.startedAt().orElseThrow()).isAfterOrEqualTo(completed.createdAt());
    assertThat(completed.endedAt().orElseThrow())
        .isAfterOrEqualTo(completed.startedAt().orElseThrow());

    assertThat(types(settleAll(job))).containsExactly(TaskType.CLEANUP);
    assertThat(find(job).cleanup()).isEqualTo(CleanupState.DONE);
    assertThat(find(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(store.claim(claim("w", 9))).isEmpty();
  }

  @Test
  void aJobWithoutAPlanIsPlannedByATask() {
    NewJob job = unplanned(1);
    store.create(job);
    assertThat(find(job).outputs().get(0).chunkCount()).isZero();
    assertThat(store.load(job.id()).orElseThrow().views()).isEmpty();

    assertThat(types(settleAll(job))).containsExactly(TaskType.PLAN);
    assertThat(find(job).outputs().get(0).chunkCount()).isEqualTo(2);
    assertThat(store.load(job.id()).orElseThrow().views()).containsExactly(TestJobs.view(0));
    runToEnd(job);
    assertThat(state(job)).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void everyFieldOfARequestAndAPlanComesBack() {
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
        ExportRequest.builder(TestJobs.KIND)
            .view(view)
            .options(ViewOptions.builder().chunkCount(2).build())
            .snapshotMode(SnapshotMode.SHARED)
            .parameter("writeMode", "external-direct")
            .principal("Dr. Ö")
            .idempotencyKey("k")
            .clientTrackingId("t")
            .build();
    NewJob job = planned(request, 3, "key");
    store.create(job);

    assertThat(find(job).request()).isEqualTo(request);
    StoredJob loaded = store.load(job.id()).orElseThrow();
    assertThat(loaded.request()).isEqualTo(request);
    assertThat(loaded.views()).containsExactly(TestJobs.view(0));
    settleAll(job);
    assertThat(store.claim(claim("w", 9)))
        .extracting(task -> task.slice().orElseThrow())
        .containsExactlyInAnyOrder(
            new ViewSlice.KeyHash(0, 3), new ViewSlice.KeyHash(1, 3), new ViewSlice.KeyHash(2, 3));
  }

  @Test
  void theSameKeyOfTheSamePrincipalGivesTheUnfinishedJob() {
    NewJob first = keyed(Optional.of("ann"));
    assertThat(store.create(first)).isEqualTo(first.id());
    assertThat(store.create(keyed(Optional.of("ann")))).isEqualTo(first.id());
    NewJob other = keyed(Optional.of("bob"));
    assertThat(store.create(other)).isEqualTo(other.id());
    NewJob nobodys = keyed(Optional.empty());
    assertThat(store.create(nobodys)).isEqualTo(nobodys.id());
    assertThat(store.create(keyed(Optional.empty()))).isEqualTo(nobodys.id());
    NewJob unnamed = keyed(Optional.of(""));
    assertThat(store.create(unnamed)).isEqualTo(unnamed.id());

    runToEnd(first);
    NewJob later = keyed(Optional.of("ann"));
    assertThat(store.create(later)).isEqualTo(later.id());
  }

  @Test
  void anUnfinishedJobIsFoundByItsPrincipalAndKey() {
    NewJob job = planned(request(1).idempotencyKey("k").build(), 1, "t");
    NewJob owned = planned(request(1).idempotencyKey("k").principal("p").build(), 1, "t");
    store.create(job);
    store.create(owned);

    assertThat(store.findUnfinished(Optional.empty(), "k")).contains(job.id());
    assertThat(store.findUnfinished(Optional.of("p"), "k")).contains(owned.id());
    assertThat(store.findUnfinished(Optional.of(""), "k")).isEmpty();
    assertThat(store.findUnfinished(Optional.empty(), "other")).isEmpty();
    store.update(job.id(), CANCEL);
    settleAll(job);
    assertThat(state(job)).isEqualTo(JobState.CANCELLED);
    assertThat(store.findUnfinished(Optional.empty(), "k")).isEmpty();
  }

  @Test
  void aRepeatedCreateOfOneIdStoresOneJob() {
    NewJob job = planned(1, 1);
    store.create(job);
    assertThat(store.create(job)).isEqualTo(job.id());
    assertThat(store.list(JobFilter.NEWEST)).hasSize(1);
    assertThat(store.claim(claim("w", 9))).hasSize(1);
  }

  @Test
  void onlyDueTasksOfKnownKindsAreClaimedAndNoMoreThanAskedFor() {
    NewJob job = planned(3, 1);
    store.create(job);
    assertThat(store.claim(new ClaimRequest("w", Set.of("other"), 9, LEASE))).isEmpty();
    assertThat(store.claim(claim("w", 2))).hasSize(2);
    assertThat(store.claim(claim("w", 2))).hasSize(1);
    assertThat(store.claim(claim("w", 2))).isEmpty();
  }

  @Test
  void aRetryWaitsAndItsFailuresAreCounted() {
    NewJob job = planned(1, 1);
    store.create(job);
    ClaimedTask first = one(job);
    TaskEvent retry = new TaskEvent.RetryLater(retryable("first"), Duration.ofMinutes(1));
    assertThat(store.settle(first.lease(), on(retry))).isTrue();
    assertThat(store.claim(claim("w", 9))).isEmpty();
    advance(Duration.ofSeconds(59));
    assertThat(store.claim(claim("w", 9))).isEmpty();
    advance(Duration.ofSeconds(2));
    ClaimedTask second = one(job);
    assertThat(second.failures()).isEqualTo(1);
    assertThat(second.lease().token()).isEqualTo(2);

    store.settle(second.lease(), on(new TaskEvent.GaveUp(retryable("last"))));
    ExportJob failed = find(job);
    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.failure().orElseThrow().task()).isEqualTo("setup of view0");
    assertThat(failed.failure().orElseThrow().failures()).isEqualTo(2);
    assertThat(failed.failure().orElseThrow().first().code()).isEqualTo("first");
    assertThat(failed.failure().orElseThrow().last().code()).isEqualTo("last");
    assertThat(failed.outputs().get(0).outcome()).isEqualTo(MergeOutcome.NOT_MERGED);
  }

  @Test
  void aLeaseIsTakenOverOnlyOnceItRanOut() {
    NewJob job = planned(1, 1);
    store.create(job);
    ClaimedTask first = one(job);
    advance(LEASE.minusSeconds(5));
    assertThat(store.claim(claim("v", 9))).isEmpty();
    assertThat(renew(first)).isEqualTo(LeaseStatus.HELD);
    advance(LEASE.minusSeconds(5));
    assertThat(store.claim(claim("v", 9))).isEmpty();
    advance(Duration.ofSeconds(6));
    ClaimedTask second = store.claim(claim("v", 9)).get(0);
    assertThat(second.lease()).isEqualTo(new Lease(first.lease().task(), 2, "v"));
    assertThat(second.lostLeases()).isEqualTo(1);
    assertThat(second.failures()).isZero();
    assertThat(second.inDoubt()).isFalse();
  }

  /** Also not where the same server claims its own task again, or other chunks are open. */
  @ParameterizedTest
  @CsvSource({"v,1", "w,1", "v,2", "w,2"})
  void aStaleTokenChangesNothing(String next, int chunks) {
    NewJob job = planned(1, chunks);
    store.create(job);
    settleAll(job);
    ClaimedTask stale = store.claim(claim("w", chunks)).get(0);
    store.saveCheckpoint(stale.lease(), "mine");
    advance(LEASE.plusSeconds(1));
    ClaimedTask current =
        store.claim(claim(next, chunks)).stream()
            .filter(task -> task.lease().task().equals(stale.lease().task()))
            .findFirst()
            .orElseThrow();

    assertThat(renew(stale)).isEqualTo(LeaseStatus.LOST);
    assertThat(store.saveCheckpoint(stale.lease(), "late")).isFalse();
    assertThat(store.settle(stale.lease(), on(success(stale, job)))).isFalse();
    assertThat(store.settle(stale.lease(), on(new TaskEvent.GaveUp(retryable("x"))))).isFalse();
    Lease forged = new Lease(current.lease().task(), current.lease().token(), "x");
    assertThat(store.settle(forged, on(success(current, job)))).isFalse();

    assertThat(current.checkpoint()).contains("mine");
    assertThat(state(job)).isEqualTo(JobState.IN_PROGRESS);
    assertThat(store.settle(current.lease(), on(success(current, job)))).isTrue();
    assertThat(store.settle(stale.lease(), on(success(stale, job)))).isFalse();
    assertThat(store.settle(current.lease(), on(success(current, job))))
        .as("the repetition of a call whose answer was lost")
        .isTrue();
    assertThat(store.receipts(job.id(), 0)).extracting(AcceptedReceipt::attempt).containsExactly(2);
  }

  @Test
  void aLostLeaseIsFollowedByASecondCleanUpAfterAGraceTime() {
    NewJob job = planned(1, 1);
    store.create(job);
    one(job);
    advance(LEASE.plusSeconds(1));
    while (!state(job).isFinal()) {
      settleAll(job);
    }
    settleAll(job);
    assertThat(find(job).cleanup()).isEqualTo(CleanupState.OPEN);
    assertThat(store.claim(claim("w", 9))).isEmpty();
    advance(Duration.ofMinutes(5).plusSeconds(1));
    assertThat(types(settleAll(job))).containsExactly(TaskType.CLEANUP);
    assertThat(find(job).cleanup()).isEqualTo(CleanupState.DONE);
  }

  @Test
  void theProgressOfAnAttemptEndsWithIt() {
    NewJob job = planned(1, 2);
    store.create(job);
    settleAll(job);
    ClaimedTask running = one(job);
    store.renew(List.of(new LeaseProgress(running.lease(), 55, 66)), LEASE);
    assertThat(find(job).outputs().get(0).rowCount()).isEqualTo(55);
    assertThat(find(job).outputs().get(0).byteCount()).isEqualTo(66);
    advance(LEASE.plusSeconds(1));
    assertThat(store.claim(claim("v", 9))).hasSize(2);
    assertThat(find(job).outputs().get(0).rowCount()).isZero();
  }

  @Test
  void oneMergeOfAnExclusionKeyIsUnderWayAtATime() {
    NewJob first = planned(request(1).build(), 1, "same");
    NewJob second = planned(request(1).build(), 1, "same");
    NewJob third = planned(request(1).build(), 1, "other");
    for (NewJob job : List.of(first, second, third)) {
      store.create(job);
    }
    settleAll(first);
    settleAll(first);
    List<ClaimedTask> merges = store.claim(claim("w", 9));
    assertThat(merges).hasSize(2);
    ClaimedTask holder = of(merges, Set.of(first.id(), second.id()));
    assertThat(store.claim(claim("w", 9))).isEmpty();

    store.settle(
        holder.lease(), on(new TaskEvent.MergeContinues("statement-1", Duration.ofSeconds(9))));
    assertThat(store.claim(claim("w", 9))).isEmpty();
    advance(Duration.ofSeconds(10));
    ClaimedTask again = store.claim(claim("v", 9)).get(0);
    assertThat(again.lease().task()).isEqualTo(holder.lease().task());
    assertThat(again.checkpoint()).contains("statement-1");
    assertThat(again.inDoubt()).isTrue();
    assertThat(again.failures()).isZero();
    assertThat(store.claim(claim("w", 9))).isEmpty();

    store.settle(again.lease(), on(success(again, first)));
    assertThat(store.claim(claim("w", 9)))
        .anySatisfy(task -> assertThat(task.lease().task().type()).isEqualTo(TaskType.FINALIZE));
  }

  @Test
  void aMergeWhoseLeaseRanOutIsInDoubt() {
    NewJob job = planned(1, 1);
    store.create(job);
    settleAll(job);
    settleAll(job);
    assertThat(one(job).inDoubt()).isFalse();
    advance(LEASE.plusSeconds(1));
    ClaimedTask second = one(job);
    assertThat(second.inDoubt()).isTrue();

    store.update(job.id(), CANCEL);
    assertThat(renew(second)).isEqualTo(LeaseStatus.JOB_ENDING);
    store.settle(second.lease(), on(new TaskEvent.Stopped()));
    ClaimedTask withdraw = one(job);
    assertThat(withdraw.stop()).isEqualTo(StopCause.CANCEL);
    store.settle(withdraw.lease(), on(new TaskEvent.GaveUp(retryable("lost"))));
    assertThat(state(job)).isEqualTo(JobState.FAILED);
    assertThat(find(job).outputs().get(0).outcome()).isEqualTo(MergeOutcome.UNKNOWN);
    assertThat(store.endedViews(job.id()).get(0).merge()).isEqualTo(MergeOutcome.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void aCancelEndsAJobFromEveryStage(int stages) {
    NewJob other = planned(1, 1);
    NewJob job = unplanned(2);
    store.create(job);
    for (int stage = 0; stage < stages; stage++) {
      settleAll(job);
    }
    store.create(other);
    JobState before = state(job);
    assertThat(store.update(job.id(), CANCEL)).isTrue();
    assertThat(store.update(job.id(), CANCEL)).isTrue();
    runToEnd(job);
    assertThat(state(job))
        .isEqualTo(before == JobState.COMPLETED ? JobState.COMPLETED : JobState.CANCELLED);
    assertThat(find(job).cleanup()).isEqualTo(CleanupState.DONE);
    assertThat(state(other)).isIn(JobState.ACCEPTED, JobState.IN_PROGRESS, JobState.COMPLETED);
  }

  @Test
  void aCancelledJobWaitsForRunningWorkAndMakesNoMore() {
    NewJob job = planned(1, 3);
    store.create(job);
    settleAll(job);
    ClaimedTask running = one(job);
    store.update(job.id(), CANCEL);
    assertThat(state(job)).isEqualTo(JobState.CANCELING);
    assertThat(store.claim(claim("w", 9))).isEmpty();
    assertThat(renew(running)).isEqualTo(LeaseStatus.JOB_ENDING);
    store.settle(running.lease(), on(new TaskEvent.Stopped()));
    assertThat(state(job)).isEqualTo(JobState.CANCELING);
    assertThat(types(settleAll(job))).containsExactly(TaskType.CLEANUP);
    assertThat(state(job)).isEqualTo(JobState.CANCELLED);
    List<EndedView> ended = store.endedViews(job.id());
    assertThat(ended.get(0).merge()).isEqualTo(MergeOutcome.NOT_MERGED);
    assertThat(ended.get(0).finalizeAttempts()).isZero();
    assertThat(ended.get(0).chunks())
        .extracting(attempts -> attempts.started())
        .containsExactlyInAnyOrder(0, 0, 1);
  }

  @Test
  void anUnknownJobIsNowhere() {
    JobId unknown = JobId.random();
    assertThat(store.find(unknown)).isEmpty();
    assertThat(store.load(unknown)).isEmpty();
    assertThat(store.update(unknown, CANCEL)).isFalse();
    assertThat(store.receipts(unknown, 0)).isEmpty();
    assertThat(store.endedViews(unknown)).isEmpty();
  }

  @Test
  void jobsAreListedNewestFirstByPageStateAndPrincipal() {
    NewJob a = planned(request(1).principal("ann").build(), 1, "a");
    NewJob b = planned(request(1).principal("bob").build(), 1, "b");
    NewJob c = planned(request(1).principal("ann").build(), 1, "c");
    for (NewJob job : List.of(a, b, c)) {
      store.create(job);
      advance(Duration.ofMillis(1));
    }
    store.update(c.id(), CANCEL);

    assertThat(ids(JobFilter.NEWEST)).containsExactly(c.id(), b.id(), a.id());
    assertThat(ids(JobFilter.builder().principal("ann").build())).containsExactly(c.id(), a.id());
    assertThat(ids(JobFilter.builder().states(Set.of(JobState.ACCEPTED)).build()))
        .containsExactly(b.id(), a.id());
    JobFilter one = JobFilter.builder().limit(1).build();
    assertThat(ids(one)).containsExactly(c.id());
    assertThat(ids(one.after(store.find(c.id()).orElseThrow()))).containsExactly(b.id());
    assertThat(ids(one.after(store.find(a.id()).orElseThrow()))).isEmpty();
  }

  @Test
  void jobsArePurgedOnceTheyAreOverForLongEnough() {
    NewJob over = planned(1, 1);
    store.create(over);
    runToEnd(over);
    NewJob running = planned(1, 1);
    store.create(running);
    NewJob uncleaned = planned(1, 1);
    store.create(uncleaned);
    for (int stage = 0; stage < 3; stage++) {
      settleAll(uncleaned);
    }
    assertThat(store.purge(Duration.ofHours(1), 10)).isZero();
    advance(Duration.ofMinutes(61));
    assertThat(store.purge(Duration.ofHours(1), 10)).isEqualTo(1);
    assertThat(store.find(over.id())).isEmpty();
    assertThat(store.find(running.id())).isPresent();
    assertThat(store.find(uncleaned.id())).isPresent();
  }

  @ParameterizedTest
  @EnumSource(FailureKind.class)
  void theCauseOfAFailedCleanUpIsKeptAndChangesNoOutcome(FailureKind kind) {
    NewJob job = planned(1, 1);
    store.create(job);
    for (int stage = 0; stage < 3; stage++) {
      settleAll(job);
    }
    ClaimedTask cleanup = one(job);
    store.settle(cleanup.lease(), on(new TaskEvent.GaveUp(TestJobs.cause(kind, "no-way"))));
    ExportJob ended = find(job);
    assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
    assertThat(ended.cleanup()).isEqualTo(CleanupState.FAILED);
    assertThat(ended.cleanupFailure().orElseThrow().code()).isEqualTo("no-way");
    assertThat(ended.failure()).isEmpty();
  }

  @Test
  void aMergeWithUnknownCountsComesBackAsSuch() {
    NewJob job = planned(1, 1);
    store.create(job);
    settleAll(job);
    settleAll(job);
    ClaimedTask merge = one(job);
    io.viewexport.api.job.MergeCounts some =
        new io.viewexport.api.job.MergeCounts(
            OptionalLong.of(Long.MAX_VALUE),
            OptionalLong.empty(),
            OptionalLong.of(0),
            OptionalLong.empty());
    store.settle(merge.lease(), on(new TaskEvent.Merged("file:/x", some)));
    assertThat(find(job).outputs().get(0).counts()).contains(some);
    assertThat(find(job).outputs().get(0).location()).contains("file:/x");
    assertThat(store.endedViews(job.id()).get(0).chunks().get(0).winner())
        .isEqualTo(OptionalInt.of(1));
  }

  NewJob keyed(Optional<String> principal) {
    ExportRequest.Builder request = request(1).idempotencyKey("key");
    principal.ifPresent(request::principal);
    return planned(request.build(), 1, JobId.random().value());
  }

  /** Claims one task of this job; the store holds no other that is due. */
  private ClaimedTask one(NewJob job) {
    ClaimedTask task = store.claim(claim("w", 1)).get(0);
    assertThat(task.lease().task().job()).isEqualTo(job.id());
    return task;
  }

  private static ClaimedTask of(List<ClaimedTask> tasks, Set<JobId> jobs) {
    return tasks.stream()
        .filter(task -> jobs.contains(task.lease().task().job()))
        .findFirst()
        .orElseThrow();
  }

  private LeaseStatus renew(ClaimedTask task) {
    return store
        .renew(List.of(new LeaseProgress(task.lease(), 0, 0)), LEASE)
        .getOrDefault(task.lease(), LeaseStatus.LOST);
  }

  /** Claims all that is due now and lets it succeed. */
  List<ClaimedTask> settleAll(NewJob job) {
    List<ClaimedTask> claimed = store.claim(claim("w", 100));
    for (ClaimedTask task : claimed) {
      assertThat(store.settle(task.lease(), on(success(task, job)))).isTrue();
    }
    return claimed;
  }

  void runToEnd(NewJob job) {
    for (int rounds = 0; rounds < 20; rounds++) {
      settleAll(job);
    }
    assertThat(state(job).isFinal()).isTrue();
  }

  static List<TaskType> types(List<ClaimedTask> tasks) {
    return tasks.stream().map(task -> task.lease().task().type()).toList();
  }

  private List<JobId> ids(JobFilter filter) {
    return store.list(filter).stream().map(ExportJob::id).toList();
  }

  ExportJob find(NewJob job) {
    return store.find(job.id()).orElseThrow();
  }

  JobState state(NewJob job) {
    return find(job).state();
  }
}
