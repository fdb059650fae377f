// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Merges of which everything that can go wrong does: each still takes effect once, or never. */
class MergeFaultsTest {
  private static final int RUNS = 600;

  @Test
  void takesEffectOnceOrNeverAndSaysWhich() {
    int done = 0;
    int late = 0;
    for (long seed = 0; seed < RUNS; seed++) {
      Run run = new Run(new Random(seed));
      FinalizeStep end = run.toEnd();
      boolean isDone = end instanceof FinalizeStep.Done;
      assertThat(run.workspace.applied).as("seed %d at its end", seed).isEqualTo(isDone ? 1 : 0);
      late += run.deliverWhatWasFrozen();
      assertThat(run.workspace.applied).as("seed %d much later", seed).isEqualTo(isDone ? 1 : 0);
      done += isDone ? 1 : 0;
    }
    assertThat(done).isBetween(RUNS / 4, RUNS * 9 / 10);
    assertThat(late).as("submits that came after all was over").isPositive();
  }

  /** A server that ends or freezes in the middle of a call. */
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class Run {
    final ScriptedWorkspace workspace = new ScriptedWorkspace();
    final Finalizer finalizer = new Finalizer(workspace);
    private final Random random;
    private final List<JsonNode> frozen = new ArrayList<>();
    private Finalizer.@Nullable Call stale;
    private int faults;

    Run(Random random) {
      this.random = random;
      faults = random.nextInt(12);
      workspace.historyLagMs = random.nextInt(110_000);
      workspace.pendingMs = random.nextInt(90_000);
      workspace.runningMs = 1L + random.nextInt(300_000);
      workspace.ignoresCancel = random.nextInt(4) == 0;
      if (random.nextInt(3) == 0) {
        workspace.mergeFailures.add("[DELTA_CONCURRENT_APPEND]");
      }
      workspace.before = this::before;
      workspace.after = this::after;
    }

    private boolean hits() {
      boolean hit = faults > 0 && random.nextInt(4) == 0;
      faults -= hit ? 1 : 0;
      return hit;
    }

    private @Nullable RuntimeException before(WorkspaceCall call) {
      if (!hits()) {
        return null;
      }
      return switch (random.nextInt(4)) {
        case 0 -> ScriptedWorkspace.refused(503, "TEMPORARILY_UNAVAILABLE");
        case 1 -> ScriptedWorkspace.lost();
        case 2 -> {
          // Frozen as it submits.
          call.body().filter(body -> body.has("statement")).ifPresent(frozen::add);
          yield new Crash();
        }
        default -> new Crash();
      };
    }

    private @Nullable RuntimeException after(WorkspaceCall call) {
      return hits() ? random.nextBoolean() ? new Crash() : ScriptedWorkspace.lost() : null;
    }

    FinalizeStep toEnd() {
      for (int calls = 0; calls < 100_000; calls++) {
        if (random.nextInt(90) == 0) {
          finalizer.intent = Intent.WITHDRAW;
        }
        wakeFrozen();
        try {
          FinalizeStep step = finalizer.step();
          if (!(step instanceof FinalizeStep.Again again)) {
            return step;
          }
          workspace.advance(again.after().toMillis());
        } catch (RuntimeException failed) {
          stale = finalizer.new Call(finalizer.attempt, finalizer.intent);
          finalizer.takeOver();
          workspace.advance(random.nextInt(60_000));
        }
      }
      throw new AssertionError("does not end: " + finalizer.checkpoint);
    }

    private void wakeFrozen() {
      if (!frozen.isEmpty() && random.nextInt(30) == 0) {
        workspace.submit(frozen.remove(0));
      }
      if (stale != null && random.nextInt(5) == 0) {
        Finalizer.Call woken = stale;
        stale = null;
        try {
          finalizer.step(woken);
        } catch (RuntimeException expected) {
          assertThat(expected).isNotNull();
        }
      }
    }

    int deliverWhatWasFrozen() {
      int merges = workspace.merges().size();
      frozen.forEach(workspace::submit);
      workspace.advance(100_000_000);
      return workspace.merges().size() - merges;
    }
  }
}
