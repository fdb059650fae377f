// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.github.resilience4j.core.IntervalFunction;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall.Repeat;
import io.viewexport.deltalake.internal.workspace.WorkspaceException.Effect;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes calls again that failed in passing, until their deadline. */
final class Repeats {
  private static final Logger LOG = LoggerFactory.getLogger(Repeats.class);
  private static final IntervalFunction BACKOFF =
      IntervalFunction.ofExponentialRandomBackoff(
          Duration.ofMillis(500), 2, 0.5, Duration.ofSeconds(30));

  /** Which of our own codes stand for what would be the same again. */
  private static final Set<String> LASTING =
      Set.of(
          WorkspaceException.ANSWER_TOO_LARGE,
          WorkspaceException.REDIRECTED,
          WorkspaceException.INTERRUPTED);

  private final Pause pause;

  Repeats(Pause pause) {
    this.pause = pause;
  }

  /** The answer of the first try that has one. */
  <T> T run(Repeat repeat, Deadline deadline, StopSignal stop, Supplier<T> call) {
    boolean unknown = false;
    for (int tries = 1; ; tries++) {
      stop.throwIfStopped();
      try {
        return call.get();
      } catch (WorkspaceException e) {
        unknown |= e.effect() == Effect.UNKNOWN;
        Duration wait = wait(e, tries);
        if (!mayRepeat(repeat, e) || wait.compareTo(deadline.remaining()) >= 0) {
          throw unknown ? e.withEffectUnknown() : e;
        }
        LOG.debug("status={} code={} try={}: again in {}", e.status(), e.errorCode(), tries, wait);
        pause.pause(wait, stop);
      }
    }
  }

  private static boolean mayRepeat(Repeat repeat, WorkspaceException e) {
    return isPassing(e) && (repeat == Repeat.ALWAYS || e.effect() == Effect.NONE);
  }

  private static boolean isPassing(WorkspaceException e) {
    if (e.status() == 0 || e.errorCode().equals(WorkspaceException.ANSWER_NOT_JSON)) {
      return !LASTING.contains(e.errorCode());
    }
    return Statuses.isPassing(e.status());
  }

  /** What the server asks for, never less than that; else longer and longer. */
  private static Duration wait(WorkspaceException e, int tries) {
    Duration backoff = Duration.ofMillis(BACKOFF.apply(tries));
    Duration asked = e.retryAfter().orElse(Duration.ZERO);
    return asked.compareTo(backoff) > 0 ? asked : backoff;
  }
}
