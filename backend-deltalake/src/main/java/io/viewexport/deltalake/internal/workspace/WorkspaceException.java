// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed. Holds codes only: no text of the server's, which may hold row values. Whoever
 * knows the system called turns it into an {@link io.viewexport.api.ExportException}.
 */
public final class WorkspaceException extends RuntimeException {

  /** What is known of the call's effect. */
  public enum Effect {
    /** It was refused, or never sent: no effect. */
    NONE,
    /** Its answer was lost, or the server failed on it: it may have had its effect. */
    UNKNOWN
  }

  /** No connection came about. */
  public static final String CONNECT_FAILED = "connect-failed";

  /** No answer, or not all of it, came in time. */
  public static final String TIMED_OUT = "timed-out";

  /** The connection broke before the whole answer had come. */
  public static final String ANSWER_LOST = "answer-lost";

  /** The answer is larger than is taken. */
  public static final String ANSWER_TOO_LARGE = "answer-too-large";

  /** The answer says that all is well, and is no JSON. */
  public static final String ANSWER_NOT_JSON = "answer-not-json";

  /** The answer points elsewhere, which is never followed. */
  public static final String REDIRECTED = "redirected";

  /** Not sent: the workspace has failed too often just before. */
  public static final String WORKSPACE_FAILING = "workspace-failing";

  /** Not sent: there are more calls than the host allows. */
  public static final String TOO_MANY_CALLS = "too-many-calls";

  /** The thread was interrupted while the answer was under way. */
  public static final String INTERRUPTED = "interrupted";

  private final Effect effect;
  private final int status;
  private final String errorCode;
  private final List<String> reasons;
  private final @Nullable Duration retryAfter;

  /**
   * A failure.
   *
   * @param status the HTTP status; 0 where no answer came
   * @param errorCode the {@code error_code} of the answer, or our own lower-case word for what
   *     happened where no answer came; never free text
   * @param reasons what {@code details[].reason} says; each a code
   */
  public WorkspaceException(
      Effect effect,
      int status,
      String errorCode,
      List<String> reasons,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super("HTTP " + status + " " + errorCode, cause);
    this.effect = Objects.requireNonNull(effect, "effect");
    this.status = status;
    this.errorCode = Objects.requireNonNull(errorCode, "errorCode");
    this.reasons = List.copyOf(reasons);
    this.retryAfter = retryAfter;
  }

  /** This one, of a call of which an earlier try may have had its effect. */
  WorkspaceException withEffectUnknown() {
    WorkspaceException unknown =
        new WorkspaceException(Effect.UNKNOWN, status, errorCode, reasons, retryAfter, getCause());
    unknown.setStackTrace(getStackTrace());
    return unknown;
  }

  /** What is known of the call's effect. */
  public Effect effect() {
    return effect;
  }

  /** The HTTP status; 0 where no answer came. */
  public int status() {
    return status;
  }

  /** The code of the answer, such as {@code PERMISSION_DENIED}; empty text where it has none. */
  public String errorCode() {
    return errorCode;
  }

  /** The codes that say more, such as {@code EXTERNAL_ACCESS_DISABLED_ON_METASTORE}. */
  public List<String> reasons() {
    return reasons;
  }

  /** When the server asked to be called again, where it did. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
