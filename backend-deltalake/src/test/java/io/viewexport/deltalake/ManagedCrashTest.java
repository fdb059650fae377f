// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.testing.workspace.Fault.Moment;
import io.viewexport.deltalake.testing.workspace.StatementFault;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server dies at each of its moments, and another one goes on with its job. */
class ManagedCrashTest {
  private static final ManagedLab LAB = new ManagedLab();
  private static final List<List<String>> ROWS =
      List.of(List.of("a", "Ann"), List.of("b", "Bob"), List.of("c", "Cäsar"));

  /** One moment of so many in the build; every one of a call that changes something with 2. */
  private static final int STEP = Integer.getInteger("viewexport.crash.step", 7);

  private static int targets;

  @BeforeAll
  static void prepare() {
    LAB.rows(
        SampleRows.of(
            new ViewSchema(
                List.of(column("id", ColumnType.STRING), column("name", ColumnType.STRING))),
            row("a", "Ann"),
            row("b", "Bob"),
            row("c", "Cäsar")));
  }

  @AfterAll
  static void close() {
    LAB.close();
  }

  private static String newTarget() {
    String target = "t" + ++targets;
    LAB.workspace.createTarget(target, "id STRING, name STRING, is_deleted INT");
    return target;
  }

  /** Has each server die one moment later than the last, until one lives through the step. */
  private static int crashes(ManualJob job, Consumer<ExportBackend> step) {
    for (int moments = 0; ; moments++) {
      try (CrashingServer server = new CrashingServer(LAB, job, moments)) {
        step.accept(server.backend());
        return moments;
      } catch (CrashingServer.Crash another) {
        LAB.awaitStatements();
      }
    }
  }

  @Test
  void whereverServersDieTheLastOneEndsTheJob() {
    String target = newTarget();
    ManualJob job = LAB.job(target);
    FinalizeStep end;
    try (ExportBackend last = LAB.backend()) {
      job.plan(last);
      assertThat(crashes(job, server -> job.setup(server, 0))).isPositive();
      assertThat(crashes(job, server -> job.chunk(server, 0, 0))).isGreaterThan(5);
      job.chunk(last, 0, 1);
      end = mergedThroughCrashes(job);
      assertThat(
              crashes(job, server -> job.cleanUp(server, JobState.COMPLETED, MergeOutcome.MERGED)))
          .isGreaterThan(5);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }

    assertThat(end).isInstanceOf(FinalizeStep.Done.class);
    assertThat(LAB.table(target, "id, name")).isEqualTo(ROWS);
    assertThat(LAB.merges(target)).isEqualTo(1);
    LAB.assertNothingStaged();
  }

  private static FinalizeStep mergedThroughCrashes(ManualJob job) {
    Map<String, Integer> died = new HashMap<>();
    while (true) {
      int moments = died.merge(checkpoint(job), 1, Integer::sum) - 1;
      assertThat(moments).as("%s", died).isLessThan(30);
      try (CrashingServer server = new CrashingServer(LAB, job, moments)) {
        FinalizeStep step = job.finalizeOnce(server.backend(), 0, Intent.MERGE);
        server.retire();
        if (!(step instanceof FinalizeStep.Again again)) {
          return step;
        }
        job.contexts().finalizing(0, Intent.MERGE, List.of()).saveCheckpoint(again.checkpoint());
      } catch (CrashingServer.Crash another) {
        // The next one finds what this one left.
      }
      LAB.awaitStatements();
    }
  }

  /** How far it came, numbers apart. */
  private static String checkpoint(ManualJob job) {
    String text = job.contexts().checkpoint("finalize 0").orElse("START");
    return text.replaceFirst("(?s).*\"phase\":\"([A-Z]+)\".*", "$1");
  }

  @Test
  void aMergeWhoseServerDiedIsWithdrawnOrDone() {
    String target = newTarget();
    boolean died = true;
    int merged = 0;
    int withdrawn = 0;
    for (int moments = 1; died; moments += STEP) {
      ManualJob job = LAB.job(target);
      try (ExportBackend last = LAB.backend()) {
        job.stage(last);
        died = diesFinalizing(job, moments);
        FinalizeStep end =
            died ? LAB.merge(last, job, Intent.WITHDRAW) : LAB.merge(last, job, Intent.MERGE);
        boolean isDone = end instanceof FinalizeStep.Done;
        job.cleanUp(
            last, JobState.CANCELLED, isDone ? MergeOutcome.MERGED : MergeOutcome.NOT_MERGED);
        assertThat(LAB.table(target, "id, name")).isEqualTo(isDone ? ROWS : List.of());
        LAB.assertNothingStaged();
        merged += isDone ? 1 : 0;
        withdrawn += isDone ? 0 : 1;
        target = isDone ? newTarget() : target;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    assertThat(withdrawn).as("withdrawn").isPositive();
    assertThat(merged).as("merged").isPositive();
  }

  /** Whether it dies before it is done. */
  private static boolean diesFinalizing(ManualJob job, int moments) {
    try (CrashingServer server = new CrashingServer(LAB, job, moments)) {
      LAB.merge(server.backend(), job, Intent.MERGE);
      return false;
    } catch (CrashingServer.Crash dead) {
      LAB.awaitStatements();
      return true;
    }
  }

  @Test
  void aRunningMergeOfADeadServerIsStoppedWhenItIsWithdrawn() throws Exception {
    String target = newTarget();
    ManualJob job = LAB.job(target);
    try (ExportBackend first = LAB.backend();
        ExportBackend second = LAB.backend()) {
      job.stage(first);
      StatementFault held = StatementFault.holding("MERGE INTO", Moment.BEFORE_EFFECT);
      LAB.workspace.warehouse().inject(held);
      job.finalizeStep(first, 0, Intent.MERGE);
      LAB.awaitStatements();
      job.finalizeOnce(first, 0, Intent.MERGE);
      held.awaitReached();

      FinalizeStep end = LAB.merge(second, job, Intent.WITHDRAW);

      assertThat(end).isInstanceOf(FinalizeStep.Withdrawn.class);
      job.cleanUp(second, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    }
    assertThat(LAB.table(target, "id")).isEmpty();
    assertThat(LAB.merges(target)).isZero();
    LAB.assertNothingStaged();
  }
}
