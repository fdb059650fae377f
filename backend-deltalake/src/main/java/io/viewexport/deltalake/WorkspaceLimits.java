// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import java.time.Duration;
import java.util.Objects;

/**
 * How long calls to a workspace may take, and how many are made.
 *
 * @param connectTimeout for a connection to open
 * @param requestTimeout for one request, from sending to the last byte of its answer
 * @param callDeadline for a call with all its repeats and the waiting between them; not shorter
 *     than {@code requestTimeout}
 * @param warehouseStart how long a statement may wait for its warehouse to start
 * @param requestsPerSecond how many requests this server sends to the workspace at the most
 */
public record WorkspaceLimits(
    Duration connectTimeout,
    Duration requestTimeout,
    Duration callDeadline,
    Duration warehouseStart,
    int requestsPerSecond) {
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * 10 seconds to connect, a minute for a request, five for a call, 15 for a warehouse to start; 20
   * requests a second.
   */
  public static final WorkspaceLimits DEFAULT =
      new WorkspaceLimits(
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          20);

  /** Checks the ranges: times up to a day, 1 to 10,000 requests a second. */
  public WorkspaceLimits {
    check(connectTimeout, "connectTimeout");
    check(requestTimeout, "requestTimeout");
    check(callDeadline, "callDeadline");
    check(warehouseStart, "warehouseStart");
    if (callDeadline.compareTo(requestTimeout) < 0) {
      throw new IllegalArgumentException(
          "callDeadline must not be shorter than requestTimeout: " + callDeadline);
    }
    if (requestsPerSecond < 1 || requestsPerSecond > 10_000) {
      throw new IllegalArgumentException(
          "requestsPerSecond must be 1 to 10000: " + requestsPerSecond);
    }
  }

  private static void check(Duration time, String name) {
    Objects.requireNonNull(time, name);
    if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be more than 0, up to a day: " + time);
    }
  }
}
