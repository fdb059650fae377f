// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** How calls fail. */
final class Failures {
  private Failures() {}

  /** Makes a call that may fail or not: what it leaves is what matters. */
  static void whatever(ThrowingCallable call) {
    Throwable unused = catchThrowable(call);
  }

  /** What a call that has to fail throws. */
  static ExportException of(String what, ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).as("what is thrown: %s", what).isInstanceOf(ExportException.class);
    return (ExportException) thrown;
  }

  /** What a call throws that has to fail for good. */
  static ExportException permanent(String what, ThrowingCallable call) {
    ExportException failure = of(what, call);
    assertThat(failure.kind()).as("kind of failure: %s", what).isEqualTo(FailureKind.PERMANENT);
    return failure;
  }

  /** A call that may be tried again, or succeeds. */
  static void passing(String what, @Nullable Throwable thrown) {
    if (thrown == null || thrown instanceof ExportStoppedException) {
      return;
    }
    assertThat(thrown).as("what is thrown: %s", what).isInstanceOf(ExportException.class);
    assertThat(((ExportException) thrown).kind())
        .as("kind of failure: %s", what)
        .isNotEqualTo(FailureKind.PERMANENT);
  }

  /** A call that has to be told to stop. */
  static void stopped(String what, ThrowingCallable call) {
    assertThat(catchThrowable(call))
        .as("what is thrown: %s", what)
        .isInstanceOf(ExportStoppedException.class);
  }

  /** A job that must not come to its end. */
  static void refused(String what, ThrowingCallable job) {
    Throwable thrown = catchThrowable(job);
    if (!(thrown instanceof ExportRefusedException)) {
      permanent(what, job);
    }
  }
}
