// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.retry;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.FailureCause;
import io.viewexport.core.state.TaskType;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A failed attempt, in the library's own words.
 *
 * @param cause what is stored and shown
 * @param retryAfter how long the other system asked to wait
 */
public record Failure(FailureCause cause, Optional<Duration> retryAfter) {

  /** A failure with no word on when to come back. */
  public static Failure of(FailureCause cause) {
    return new Failure(cause, Optional.empty());
  }

  /**
   * What a thrown thing means. Only texts of our own are taken over: from anything but our own
   * exceptions the name of the class, never its message.
   *
   * @param kind the kind of the backend that was called
   */
  public static Failure classify(TaskType task, String kind, Throwable thrown) {
    if (thrown instanceof ExportException known) {
      FailureCause cause = new FailureCause(known.kind(), known.code(), known.message());
      return new Failure(cause, known.retryAfter());
    }
    if (thrown instanceof ExportRefusedException refused) {
      return of(refusal(refused));
    }
    String text =
        "Unexpected %s from backend %s while it worked at %s; this is a defect to be reported."
            .formatted(
                thrown.getClass().getName(), kind, task.name().toLowerCase(java.util.Locale.ROOT));
    String code = thrown instanceof Error ? "server-error" : "unexpected-failure";
    return of(new FailureCause(unclassified(task), code, text));
  }

  /** What is known after a failure that says nothing of itself. */
  static FailureKind unclassified(TaskType task) {
    return switch (task) {
      case FINALIZE -> FailureKind.OUTCOME_UNKNOWN;
      case PLAN, SETUP, CHUNK, CLEANUP -> FailureKind.RETRYABLE;
    };
  }

  private static FailureCause refusal(ExportRefusedException refused) {
    String text =
        refused.issues().stream().map(ExportIssue::message).collect(Collectors.joining(" "));
    return new FailureCause(FailureKind.PERMANENT, refused.issues().get(0).code(), text);
  }
}
