// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.viewexport.deltalake.internal.storage.StoreException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that failed; made by {@link S3Failures}. */
final class S3RequestException extends StoreException {
  private final S3Failures.Reason reason;
  private final S3Call call;
  private final String answer;
  private final @Nullable Duration retryAfter;
  private final boolean mayStillLand;

  /**
   * A failure.
   *
   * @param answer status and code, or the class of what came instead
   */
  S3RequestException(
      S3Failures.Reason reason,
      S3Call call,
      String answer,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    this(reason, call, answer, retryAfter, false, cause);
  }

  private S3RequestException(
      S3Failures.Reason reason,
      S3Call call,
      String answer,
      @Nullable Duration retryAfter,
      boolean mayStillLand,
      @Nullable Throwable cause) {
    super(call + ": " + answer, cause);
    this.reason = reason;
    this.call = call;
    this.answer = answer;
    this.retryAfter = retryAfter;
    this.mayStillLand = mayStillLand;
  }

  /** The same, where a write that was sent may have had its effect, or may have it yet. */
  S3RequestException unanswered() {
    return new S3RequestException(reason, call, answer, retryAfter, true, this);
  }

  S3Failures.Reason reason() {
    return reason;
  }

  S3Call call() {
    return call;
  }

  String answer() {
    return answer;
  }

  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  @Override
  public boolean mayStillLand() {
    return mayStillLand;
  }

  @Override
  public RuntimeException failure(String doing, String path) {
    return S3Failures.failure(this, doing, path);
  }
}
