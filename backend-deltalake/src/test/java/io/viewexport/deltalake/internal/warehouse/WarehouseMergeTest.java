// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WarehouseMergeTest {
  private static final FinalizeStep.Done DONE =
      new FinalizeStep.Done("databricks-uc:main.fhir.patient", MergeCounts.of(7, 0, 0, 3));

  private final ScriptedWorkspace workspace = new ScriptedWorkspace();
  private final Finalizer finalizer = new Finalizer(workspace);

  private static boolean isMerge(WorkspaceCall call) {
    return call.body().map(body -> body.path("statement").asText()).orElse("").contains("MERGE ");
  }

  /** Steps until a merge has been submitted or is about to be. */
  private void untilMergeIsSubmitted() {
    while (workspace.merges().isEmpty()) {
      if (finalizer.step() instanceof FinalizeStep.Again again && workspace.merges().isEmpty()) {
        workspace.advance(again.after().toMillis());
      }
    }
  }

  @Test
  void checksThenMergesUnderATag() {
    assertThat(finalizer.toEnd()).isEqualTo(DONE);

    assertThat(workspace.statements).hasSize(2);
    assertThat(workspace.merges().get(0).text())
        .startsWith("/* viewexport:job:v0:a1:merge2 */\nMERGE INTO `main`.`fhir`.`patient`");
    assertThat(workspace.merges().get(0).request.path("query_tags").path(0).path("value").asText())
        .isEqualTo("job:v0:a1:merge2");
    assertThat(workspace.merges().get(0).request.path("wait_timeout").asText()).isEqualTo("0s");
    assertThat(workspace.applied).isEqualTo(1);
  }

  @Test
  void aColdWarehouseIsNoFailure() {
    workspace.pendingMs = 9 * 60_000;
    assertThat(finalizer.toEnd()).isInstanceOf(FinalizeStep.Done.class);
    assertThat(workspace.applied).isEqualTo(1);
  }

  @Test
  void aWarehouseThatNeverStartsFailsTheAttempt() {
    workspace.pendingMs = 1_000_000_000;
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(finalizer::toEnd)
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo("warehouse-not-started");
              assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE);
            });
    workspace.pendingMs = 100;
    finalizer.takeOver();
    assertThat(finalizer.toEnd()).isEqualTo(DONE);
  }

  @Test
  void checksThatFailTouchNothing() {
    workspace.checkRow.put("null_keys_0", "3");
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(finalizer::toEnd)
        .satisfies(e -> assertThat(e.message()).contains("\"id\" (3 rows)"));
    assertThat(workspace.merges()).isEmpty();
  }

  @Test
  void rowsThatNoReceiptCountsTouchNothing() {
    workspace.checkRow.put("staged_rows", "11");
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(finalizer::toEnd)
        .satisfies(e -> assertThat(e.code()).isEqualTo("staged-rows-differ"));
    assertThat(workspace.merges()).isEmpty();
  }

  @Test
  void aLostAnswerIsFoundInTheHistory() {
    workspace.after = call -> isMerge(call) ? ScriptedWorkspace.lost() : null;
    untilMergeIsSubmitted();
    workspace.after = call -> null;
    finalizer.takeOver();

    assertThat(finalizer.toEnd()).isEqualTo(DONE);
    assertThat(workspace.merges()).hasSize(1);
  }

  @Test
  void aSubmitThatNeverArrivedIsMadeAgainOnceItCanNotArriveAnyMore() {
    boolean[] isLost = {false};
    workspace.before =
        call -> {
          boolean loses = isMerge(call) && !isLost[0];
          isLost[0] |= loses;
          return loses ? ScriptedWorkspace.lost() : null;
        };
    assertThat(finalizer.toEnd()).isEqualTo(DONE);
    assertThat(workspace.merges()).hasSize(1);
    long waited = workspace.merges().get(0).submittedMs - ScriptedWorkspace.FIRST_MS;
    assertThat(waited).isBetween(5 * 60_000L, 6 * 60_000L);
  }

  @Test
  void conflictsAreRepeated() {
    workspace.mergeFailures.add("[DELTA_CONCURRENT_APPEND.WITHOUT_HINT] secret");
    workspace.mergeFailures.add("[DELTA_CONCURRENT_DELETE_READ] secret");
    assertThat(finalizer.toEnd()).isEqualTo(DONE);
    assertThat(workspace.merges()).hasSize(3);
  }

  @Test
  void endlessConflictsFailTheAttempt() {
    for (int i = 0; i < 11; i++) {
      workspace.mergeFailures.add("[DELTA_CONCURRENT_APPEND] secret");
    }
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(finalizer::toEnd)
        .satisfies(e -> assertThat(e.code()).isEqualTo("target-busy"));
    finalizer.takeOver();
    assertThat(finalizer.toEnd()).isEqualTo(DONE);
  }

  @Test
  void aMergeThatBeganTooLateGetsMoreTime() {
    workspace.runningMs = 10;
    untilMergeIsSubmitted();
    workspace.merges().get(0).startsMs += 10 * 60_000;
    assertThat(finalizer.toEnd()).isEqualTo(DONE);
    assertThat(workspace.merges()).hasSize(2);
    assertThat(workspace.applied).isEqualTo(1);
  }

  @Test
  void missingColumnsAreAddedAfterTheChecks() {
    finalizer.columns.remove("is_deleted");
    workspace.checkFailures.add("");
    workspace.after =
        call -> {
          if (call.body()
              .map(body -> body.path("statement").asText())
              .orElse("")
              .contains("ALTER")) {
            finalizer.columns.add("is_deleted");
          }
          return null;
        };
    assertThat(finalizer.toEnd()).isEqualTo(DONE);
    assertThat(Objects.requireNonNull(workspace.statements.get("s1")).text())
        .endsWith("ALTER TABLE `main`.`fhir`.`patient` ADD COLUMNS (`is_deleted` INT)");
  }

  @Test
  void columnsThatDifferAreLookedAtAgain() {
    workspace.mergeFailures.add("[DELTA_INSERT_COLUMN_ARITY_MISMATCH] secret");
    assertThat(finalizer.toEnd()).isEqualTo(DONE);
    assertThat(workspace.statements).hasSize(4);
  }

  @Test
  void otherFailuresFailTheJob() {
    workspace.mergeFailures.add("[DELTA_NOT_NULL_CONSTRAINT_VIOLATED] secret");
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(finalizer::toEnd)
        .satisfies(
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.PERMANENT);
              assertThat(e.message()).doesNotContain("secret");
            });
    finalizer.intent = Intent.WITHDRAW;
    finalizer.takeOver();
    assertThat(finalizer.toEnd()).isInstanceOf(FinalizeStep.Withdrawn.class);
  }

  @Test
  void aMergeIsCancelledAtItsDeadline() {
    workspace.runningMs = 100;
    untilMergeIsSubmitted();
    workspace.merges().get(0).endsMs = Long.MAX_VALUE;
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(finalizer::toEnd)
        .satisfies(e -> assertThat(e.code()).isEqualTo("statement-timed-out"));
    assertThat(workspace.applied).isZero();
  }

  @Test
  void withdrawalCancelsWhatRuns() {
    untilMergeIsSubmitted();
    finalizer.intent = Intent.WITHDRAW;
    finalizer.takeOver();
    assertThat(finalizer.toEnd()).isInstanceOf(FinalizeStep.Withdrawn.class);
    workspace.advance(1_000_000);
    assertThat(workspace.applied).isZero();
  }

  @Test
  void withdrawalTellsTheTruthWhereTheCancelIsIgnored() {
    workspace.ignoresCancel = true;
    untilMergeIsSubmitted();
    finalizer.intent = Intent.WITHDRAW;
    finalizer.takeOver();
    assertThat(finalizer.toEnd()).isEqualTo(DONE);
    assertThat(workspace.applied).isEqualTo(1);
  }

  @Test
  void withdrawalBeforeAnythingWasBegunIsAtOnce() {
    finalizer.intent = Intent.WITHDRAW;
    assertThat(finalizer.step()).isInstanceOf(FinalizeStep.Withdrawn.class);
    assertThat(workspace.calls).isEmpty();
  }

  @Test
  void aWorkspaceThatDoesNotAnswerCostsNoAttempt() {
    untilMergeIsSubmitted();
    workspace.before = call -> ScriptedWorkspace.refused(503, "");
    for (int i = 0; i < 20; i++) {
      assertThat(finalizer.step()).isInstanceOf(FinalizeStep.Again.class);
    }
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(finalizer::step)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.OUTCOME_UNKNOWN));
    workspace.before = call -> null;
    finalizer.takeOver();
    assertThat(finalizer.toEnd()).isEqualTo(DONE);
  }

  @Test
  void checkpointsOfAnotherVersionAreNotGuessedAt() {
    finalizer.checkpoint = "{\"format\":99}";
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(finalizer::step)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.OUTCOME_UNKNOWN));
  }
}
