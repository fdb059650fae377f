// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure while an export runs: the one exception that backends and sources throw on purpose.
 *
 * <p>The message is the library's own text: what failed, on what, what to do. It is stored with the
 * job and shown to clients, so it holds neither row values nor secrets, and no text of another
 * system's error message (those can hold both). The {@linkplain #code() code} is stable: programs
 * may decide by it. The cause is for the debugger; its text is never stored or logged.
 */
public final class ExportException extends RuntimeException {
  /** What is known about the effect. */
  private final FailureKind kind;

  /** Lower-case words joined by hyphens. */
  private final String code;

  /** How long the other system asked to wait; {@code null} where it did not. */
  private final @Nullable Duration retryAfter;

  private ExportException(
      FailureKind kind,
      String code,
      String message,
      @Nullable Throwable cause,
      @Nullable Duration retryAfter) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.code = Codes.check(code);
    this.retryAfter = retryAfter;
  }

  /**
   * A failure that surely had no effect and may not happen again.
   *
   * @param code lower-case words joined by hyphens, such as {@code target-busy}
   * @param message what failed, on what, what to do: no row values, no secrets
   * @param cause what was thrown below, for the debugger; {@code null} where nothing was
   * @return the failure, to be thrown
   */
  public static ExportException retryable(String code, String message, @Nullable Throwable cause) {
    return new ExportException(FailureKind.RETRYABLE, code, message, cause, null);
  }

  /**
   * A failure that surely had no effect and would happen again.
   *
   * @param code lower-case words joined by hyphens, such as {@code target-not-writable}
   * @param message what failed, on what, what to do: no row values, no secrets
   * @param cause what was thrown below, for the debugger; {@code null} where nothing was
   * @return the failure, to be thrown
   */
  public static ExportException permanent(String code, String message, @Nullable Throwable cause) {
    return new ExportException(FailureKind.PERMANENT, code, message, cause, null);
  }

  /**
   * A failure after which it is not known whether the call had its effect.
   *
   * @param code lower-case words joined by hyphens, such as {@code commit-outcome-unknown}
   * @param message what failed, on what, what to do: no row values, no secrets
   * @param cause what was thrown below, for the debugger; {@code null} where nothing was
   * @return the failure, to be thrown
   */
  public static ExportException outcomeUnknown(
      String code, String message, @Nullable Throwable cause) {
    return new ExportException(FailureKind.OUTCOME_UNKNOWN, code, message, cause, null);
  }

  /**
   * This failure, with the other system's word on when to come back.
   *
   * @param delay how long to wait before the next attempt; not negative
   * @return a new failure of the same kind, code, message and stack trace
   */
  public ExportException withRetryAfter(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("retryAfter must not be negative: " + delay);
    }
    ExportException later = new ExportException(kind, code, message(), getCause(), delay);
    later.setStackTrace(getStackTrace());
    return later;
  }

  /** {@return what is known about the effect} */
  public FailureKind kind() {
    return kind;
  }

  /** {@return the stable code of the failure: lower-case words joined by hyphens} */
  public String code() {
    return code;
  }

  /** {@return the library's own text: never a row value, a secret, or another system's message} */
  public String message() {
    return Objects.requireNonNullElse(getMessage(), code);
  }

  /** {@return how long the other system asked to wait, where it did} */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
