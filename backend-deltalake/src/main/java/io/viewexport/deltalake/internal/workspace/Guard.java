// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.WorkspaceLimits;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall.Repeat;
import io.viewexport.deltalake.internal.workspace.WorkspaceException.Effect;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What stands between this server and a workspace: no more requests a second than the host allows,
 * and for a while none to one that fails again and again. A refusal is no failure of the workspace.
 */
final class Guard {
  private static final int WINDOW = 20;
  private static final int FEWEST_CALLS = 10;
  private static final float FAILURE_PERCENT = 80;
  private static final int TRIAL_CALLS = 2;
  private static final Duration OPEN = Duration.ofSeconds(10);

  private final Transport transport;
  private final WorkspaceLimits limits;
  private final Pause pause;
  private final CircuitBreaker breaker;
  private final RateLimiter limiter;

  Guard(Transport transport, WorkspaceLimits limits, Pause pause, String name) {
    this.transport = transport;
    this.limits = limits;
    this.pause = pause;
    breaker =
        CircuitBreaker.of(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindow(
                    WINDOW, FEWEST_CALLS, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(FAILURE_PERCENT)
                .permittedNumberOfCallsInHalfOpenState(TRIAL_CALLS)
                .waitDurationInOpenState(OPEN)
                .clock(new PauseClock(pause))
                .build());
    limiter =
        RateLimiter.of(
            name,
            RateLimiterConfig.custom()
                .limitForPeriod(limits.requestsPerSecond())
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .timeoutDuration(limits.callDeadline())
                .build(),
            pause::nanoTime);
  }

  /**
   * The answer, whatever its status.
   *
   * @throws WorkspaceException where no whole answer came, or nothing was sent
   */
  Answer send(HttpRequest.Builder request, Repeat repeat, Deadline deadline, StopSignal stop) {
    waitForTurn(deadline, stop);
    if (!breaker.tryAcquirePermission()) {
      throw notSent(WorkspaceException.WORKSPACE_FAILING);
    }
    boolean judged = false;
    long start = pause.nanoTime();
    try {
      Answer answer =
          transport.send(request, deadline.atMost(limits.requestTimeout()), repeat, stop);
      judged = true;
      if (answer.isServerFailure()) {
        breaker.onError(pause.nanoTime() - start, TimeUnit.NANOSECONDS, new ServerFailure());
      } else {
        breaker.onSuccess(pause.nanoTime() - start, TimeUnit.NANOSECONDS);
      }
      return answer;
    } catch (WorkspaceException e) {
      judged = true;
      breaker.onError(pause.nanoTime() - start, TimeUnit.NANOSECONDS, e);
      throw e;
    } finally {
      if (!judged) {
        breaker.releasePermission();
      }
    }
  }

  private void waitForTurn(Deadline deadline, StopSignal stop) {
    long nanos = limiter.reservePermission();
    if (nanos < 0 || nanos > deadline.remaining().toNanos()) {
      throw notSent(WorkspaceException.TOO_MANY_CALLS);
    }
    if (nanos > 0) {
      pause.pause(Duration.ofNanos(nanos), stop);
    }
  }

  private static WorkspaceException notSent(String code) {
    return new WorkspaceException(Effect.NONE, 0, code, List.of(), null, null);
  }

  /** For the breaker, which wants an exception. */
  private static final class ServerFailure extends Exception {
    private static final long serialVersionUID = 1;

    ServerFailure() {
      super(null, null, false, false);
    }
  }
}
