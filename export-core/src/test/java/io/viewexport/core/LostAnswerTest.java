// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.StoreDatabase;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store did what it was asked for, and its answer was lost, or half of a call was done. */
@Timeout(60)
class LostAnswerTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final TroubleRig rig = new TroubleRig();
  private final DataSource real = StoreDatabase.fresh();
  private final LossyDatabase database = new LossyDatabase(real);
  private final PostgresJobStore store = PostgresJobStore.open(database.dataSource());

  @AfterEach
  void closeStore() {
    store.close();
  }

  /** Everything went as if nothing had been lost. */
  private void checkNothingWasNoticed(ExportService server, JobId job) {
    rig.awaitDone(TroubleRig.CHUNKS + 2);
    rig.checkAllDone(server, List.of(job));
    assertThat(database.isOver()).isTrue();
    assertThat(rig.noted.lost).isEmpty();
    assertThat(rig.noted.done).hasSize(TroubleRig.CHUNKS + 2);
    assertThat(rig.rig.backend.calls).noneMatch(call -> call.endsWith("#2"));
  }

  @Test
  void aChunkThatWasSettledIsNoLostLease() {
    database.loseAnswerTo("SET state = 'DONE', receipt");
    try (ExportService server = rig.server(store, LEASE)) {
      checkNothingWasNoticed(server, server.submit(TroubleRig.request()).id());
    }
  }

  @Test
  void aMergeThatWasSettledIsNoLostLease() {
    var merge = rig.rig.backend.merge;
    rig.rig.backend.merge =
        context -> {
          database.loseAnswerTo("outcome = coalesce");
          return merge.run(context);
        };
    try (ExportService server = rig.server(store, LEASE)) {
      checkNothingWasNoticed(server, server.submit(TroubleRig.request()).id());
    }
  }

  @Test
  void aFailureIsCountedOnce() {
    AtomicBoolean failed = new AtomicBoolean();
    rig.rig.backend.chunk =
        (context, rows) -> {
          if (failed.compareAndSet(false, true)) {
            database.loseAnswerTo("outcome = coalesce");
            throw ExportException.retryable("target-busy", "The target is busy.", null);
          }
          return rig.rig.backend.stage(context, rows);
        };
    try (ExportService server = rig.server(store, LEASE)) {
      JobId job = server.submit(Rig.request(1, "sof.patient")).id();
      Await.until("the job ends", () -> server.find(job).orElseThrow().state().isFinal());

      assertThat(database.isOver()).isTrue();
      assertThat(rig.rig.backend.calls)
          .filteredOn(call -> call.startsWith("chunk"))
          .containsExactly("chunk patient/0#1", "chunk patient/0#2");
      assertThat(rig.noted.lost).isEmpty();
    }
  }

  @Test
  void aJobThatWasStoredIsNotStoredTwice() {
    database.loseAnswerTo("INSERT INTO \"viewexport\".job");
    try (ExportService server = rig.server(store, LEASE)) {
      JobId job = server.submit(TroubleRig.request()).id();

      assertThat(store.list(JobFilter.NEWEST)).hasSize(1);
      checkNothingWasNoticed(server, job);
    }
  }

  @Test
  void tasksAreNotForgottenWhereTheirJobCantBeMoved() {
    database.breakBefore("SET state = 'IN_PROGRESS'");
    try (ExportService server = rig.server(store, LEASE)) {
      checkNothingWasNoticed(server, server.submit(TroubleRig.request()).id());
    }
  }

  @Test
  void whatWasLeasedBeforeAClaimBrokeIsGivenOut() throws Exception {
    try (ExportService server =
        ExportService.builder()
            .store(store)
            .source(rig.rig.source)
            .backend(rig.rig.backend)
            .build()) {
      server.submit(Rig.request(1, "sof.patient"));
    }
    assertThat(claim(store)).hasSize(1);
    try (Connection connection = real.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE viewexport.task SET lease_until = now() WHERE state = 'LEASED'");
    }
    database.breakBefore("type <> 'FINALIZE' AND due_at <= now()");

    try (PostgresJobStore looksForExpiredFirst = PostgresJobStore.open(database.dataSource())) {
      assertThat(claim(looksForExpiredFirst))
          .extracting(task -> task.lease().task().type())
          .containsExactly(TaskType.SETUP);
    }
    assertThat(database.isOver()).isTrue();
  }

  private static List<ClaimedTask> claim(PostgresJobStore from) {
    return from.claim(new ClaimRequest("w", Set.of(ScriptedBackend.KIND), 10, LEASE));
  }
}
