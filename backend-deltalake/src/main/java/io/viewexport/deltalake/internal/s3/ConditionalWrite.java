// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopSignal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A write that must not replace anything, sent until its answer is known.
 *
 * <p>An answer that is lost leaves a request behind that may have its effect at any time. Sending
 * the same request again settles that: once it has an answer, the object is there, by it, by the
 * first one or by somebody else, and no request can make it any more.
 */
final class ConditionalWrite {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final StopSignal stop;
  private final Duration timeout;
  private @Nullable S3RequestException unanswered;

  /** One write. */
  ConditionalWrite(StopSignal stop, Duration timeout) {
    this.stop = stop;
    this.timeout = timeout;
  }

  /** Sends the request once; gives the store's time. */
  interface Request {
    long send();
  }

  /** Whether what is there is what was to be written. */
  interface Comparison {
    boolean isOurs() throws IOException;
  }

  /**
   * Writes.
   *
   * @return the store's time
   * @throws FileAlreadyExistsException where something else is there
   * @throws ExportStoppedException where the attempt must end and nothing was sent that may land
   * @throws IOException where the write failed; a {@link S3RequestException} tells whether it may
   *     still land
   */
  long run(S3Path path, Request request, Comparison comparison) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      checkStop();
      S3RequestException failure;
      try {
        return request.send();
      } catch (SdkException e) {
        failure = S3Failures.request(e, S3Call.WRITE);
      }
      if (failure.reason() == S3Failures.Reason.EXISTS) {
        return whatIsThere(path, comparison, failure);
      }
      if (!S3Failures.isWithoutEffect(failure.reason())) {
        unanswered = failure;
      }
      if (!isWorthRepeating(failure) || System.nanoTime() - deadline >= 0) {
        throw given(failure);
      }
      pause = waited(pause, failure);
    }
  }

  private void checkStop() throws S3RequestException {
    try {
      stop.throwIfStopped();
    } catch (ExportStoppedException e) {
      if (unanswered != null) {
        throw unanswered.unanswered();
      }
      throw e;
    }
  }

  private long whatIsThere(S3Path path, Comparison comparison, S3RequestException failure)
      throws IOException {
    boolean ours;
    try {
      ours = comparison.isOurs();
    } catch (IOException e) {
      // It may be ours, and it can't be seen now.
      S3RequestException unknown = failure.unanswered();
      unknown.addSuppressed(e);
      throw unknown;
    }
    if (ours) {
      return System.currentTimeMillis();
    }
    FileAlreadyExistsException exists = new FileAlreadyExistsException(path.toString());
    exists.initCause(failure);
    throw exists;
  }

  private boolean isWorthRepeating(S3RequestException failure) {
    return switch (failure.reason()) {
      case CONFLICT,
          CREDENTIALS_EXPIRED,
          THROTTLED,
          STORE_FAILED,
          TIMED_OUT,
          CUT_OFF,
          DAMAGED,
          UNREACHABLE ->
          true;
      case NOT_TRUSTED, CREDENTIALS_MISSING, CLOCK_SKEWED -> unanswered != null;
      case BUCKET_MISSING,
          ACCESS_DENIED,
          CREDENTIALS_REFUSED,
          WRONG_REGION,
          EXISTS,
          MISSING,
          TOO_LARGE,
          FULL,
          NOT_SUPPORTED,
          REFUSED,
          INTERRUPTED ->
          false;
    };
  }

  private S3RequestException given(S3RequestException failure) {
    return unanswered == null ? failure : failure.unanswered();
  }

  private Duration waited(Duration pause, S3RequestException failure) throws S3RequestException {
    long millis = pause.toMillis();
    try {
      TimeUnit.MILLISECONDS.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw given(failure);
    }
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
  }
}
