// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Turns what a store answers into failures in the library's own words: by HTTP status and error
 * code, or by the class of what came instead of an answer, never by its text.
 */
final class S3Failures {
  private static final Duration AFTER_THROTTLING = Duration.ofSeconds(5);
  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired");

  private S3Failures() {}

  /** What can be told apart. */
  enum Reason {
    BUCKET_MISSING(FailureKind.PERMANENT, "bucket-not-found", "there is no such bucket; name one"),
    ACCESS_DENIED(FailureKind.PERMANENT, "access-denied", "access is denied; grant "),
    CREDENTIALS_EXPIRED(
        FailureKind.RETRYABLE,
        "credentials-expired",
        "the credentials have expired; use a provider that renews them"),
    CREDENTIALS_REFUSED(
        FailureKind.PERMANENT,
        "credentials-refused",
        "the store does not know the credentials; check the key, its secret and the endpoint"),
    CREDENTIALS_MISSING(
        FailureKind.RETRYABLE,
        "credentials-missing",
        "the provider gave no credentials; check how this server gets them"),
    CLOCK_SKEWED(
        FailureKind.RETRYABLE,
        "clock-skewed",
        "this server's clock differs from the store's by too much; set it right"),
    THROTTLED(
        FailureKind.RETRYABLE,
        "store-throttled",
        "the store asks to slow down; it is tried again later"),
    STORE_FAILED(
        FailureKind.RETRYABLE, "store-failed", "the store failed; it is tried again later"),
    WRONG_REGION(
        FailureKind.PERMANENT,
        "wrong-region",
        "the bucket is in another region; configure that one"),
    EXISTS(FailureKind.PERMANENT, "file-exists", "it exists already, with other content"),
    CONFLICT(
        FailureKind.RETRYABLE,
        "store-conflict",
        "another request changed it at the same time; it is tried again later"),
    MISSING(
        FailureKind.RETRYABLE,
        "file-missing",
        "it, or something in it, is not there; was it deleted by others?"),
    DAMAGED(
        FailureKind.RETRYABLE,
        "transfer-damaged",
        "what arrived is not what was sent; it is tried again later"),
    TOO_LARGE(
        FailureKind.PERMANENT,
        "file-too-large",
        "it is larger than the store takes; choose smaller files or larger parts"),
    FULL(FailureKind.RETRYABLE, "disk-full", "the store is full; free space there"),
    NOT_SUPPORTED(
        FailureKind.PERMANENT,
        "store-not-supported",
        "the store does not know a request that is needed; use one that has conditional writes"),
    REFUSED(FailureKind.PERMANENT, "store-refused", "the store refused the request"),
    UNREACHABLE(
        FailureKind.RETRYABLE,
        "store-unreachable",
        "the store can't be reached; check the endpoint, the network and the region"),
    NOT_TRUSTED(
        FailureKind.RETRYABLE,
        "store-not-trusted",
        "no secure connection could be made; check the endpoint and its certificate"),
    TIMED_OUT(
        FailureKind.RETRYABLE,
        "store-timed-out",
        "the store did not answer in time; it is tried again later"),
    INTERRUPTED(FailureKind.RETRYABLE, "interrupted", "interrupted"),
    CUT_OFF(
        FailureKind.RETRYABLE,
        "store-connection-lost",
        "the connection to the store broke; it is tried again later");

    private final FailureKind kind;
    private final String code;
    private final String text;

    Reason(FailureKind kind, String code, String text) {
      this.kind = kind;
      this.code = code;
      this.text = text;
    }

    FailureKind kind() {
      return kind;
    }

    String code() {
      return code;
    }
  }

  /**
   * What a request met, as Delta Kernel wants it: a missing object and one that is there already
   * have classes of their own.
   */
  static IOException of(SdkException e, S3Call call, S3Path path) {
    S3RequestException failure = request(e, call);
    return switch (failure.reason()) {
      case MISSING -> withCause(new FileNotFoundException(path.toString()), failure);
      case EXISTS -> withCause(new FileAlreadyExistsException(path.toString()), failure);
      default -> failure;
    };
  }

  private static IOException withCause(IOException e, S3RequestException cause) {
    e.initCause(cause);
    return e;
  }

  /** What a request met. */
  static S3RequestException request(SdkException e, S3Call call) {
    if (e instanceof S3Exception answered && answered.statusCode() > 0) {
      return answered(answered, call);
    }
    Throwable root = null;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || isOurs(cause)) {
        root = cause;
      }
    }
    Throwable shown = root == null ? e : root;
    return new S3RequestException(
        unanswered(e, root), call, shown.getClass().getSimpleName(), null, root);
  }

  private static boolean isOurs(Throwable e) {
    return e instanceof ExportException
        || e instanceof ExportStoppedException
        || e instanceof ExportRefusedException;
  }

  private static Reason unanswered(SdkException e, @Nullable Throwable root) {
    if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      return Reason.INTERRUPTED;
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CallersCredentials.Missing) {
        return Reason.CREDENTIALS_MISSING;
      }
    }
    if (root instanceof ConnectException
        || root instanceof UnknownHostException
        || root instanceof NoRouteToHostException) {
      return Reason.UNREACHABLE;
    }
    if (root instanceof SSLException) {
      return Reason.NOT_TRUSTED;
    }
    return e instanceof ApiCallAttemptTimeoutException || root instanceof SocketTimeoutException
        ? Reason.TIMED_OUT
        : Reason.CUT_OFF;
  }

  private static S3RequestException answered(S3Exception e, S3Call call) {
    String code = code(e);
    Reason reason = reason(e.statusCode(), code);
    Duration retryAfter =
        reason == Reason.THROTTLED ? retryAfter(e).orElse(AFTER_THROTTLING) : null;
    String answer = code.isEmpty() ? "HTTP " + e.statusCode() : e.statusCode() + " " + code;
    return new S3RequestException(reason, call, answer, retryAfter, null);
  }

  private static String code(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : safe(code);
  }

  /** The code where it can be one; empty for free text. */
  static String safe(String code) {
    return code.matches("[A-Za-z0-9.]{1,64}") ? code : "";
  }

  /** Of one object among many that a request names: it has no status of its own. */
  static Reason reasonOfKey(String code) {
    return reason(code.equals("InternalError") ? 500 : 400, code);
  }

  private static Optional<Duration> retryAfter(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    if (details == null || details.sdkHttpResponse() == null) {
      return Optional.empty();
    }
    return details
        .sdkHttpResponse()
        .firstMatchingHeader("Retry-After")
        .filter(text -> text.matches("[0-9]{1,4}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  /** By the code, where there is one that tells; else by the status. */
  static Reason reason(int status, String code) {
    return switch (code) {
      case "NoSuchBucket" -> Reason.BUCKET_MISSING;
      case "AccessDenied", "AllAccessDisabled", "AccountProblem" -> Reason.ACCESS_DENIED;
      case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired" ->
          Reason.CREDENTIALS_EXPIRED;
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "InvalidSecurity" ->
          Reason.CREDENTIALS_REFUSED;
      case "RequestTimeTooSkewed" -> Reason.CLOCK_SKEWED;
      case "SlowDown",
          "Throttling",
          "ThrottlingException",
          "TooManyRequests",
          "RequestLimitExceeded",
          "BandwidthLimitExceeded" ->
          Reason.THROTTLED;
      case "PermanentRedirect",
          "TemporaryRedirect",
          "Redirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException",
          "IncorrectEndpoint" ->
          Reason.WRONG_REGION;
      case "PreconditionFailed" -> Reason.EXISTS;
      case "ConditionalRequestConflict", "OperationAborted" -> Reason.CONFLICT;
      case "NoSuchKey", "NoSuchUpload", "NoSuchVersion" -> Reason.MISSING;
      case "RequestTimeout" -> Reason.TIMED_OUT;
      case "BadDigest",
          "InvalidDigest",
          "IncompleteBody",
          "XAmzContentSHA256Mismatch",
          "InvalidPart" ->
          Reason.DAMAGED;
      case "EntityTooLarge" -> Reason.TOO_LARGE;
      case "NotImplemented", "MethodNotAllowed" -> Reason.NOT_SUPPORTED;
      default -> ofStatus(status);
    };
  }

  private static Reason ofStatus(int status) {
    return switch (status) {
      case 301, 302, 307, 308 -> Reason.WRONG_REGION;
      case 401, 403 -> Reason.ACCESS_DENIED;
      case 404 -> Reason.MISSING;
      case 405, 501 -> Reason.NOT_SUPPORTED;
      case 408 -> Reason.TIMED_OUT;
      case 409 -> Reason.CONFLICT;
      case 412 -> Reason.EXISTS;
      case 429, 503 -> Reason.THROTTLED;
      case 507 -> Reason.FULL;
      default -> status >= 500 || status < 300 ? Reason.STORE_FAILED : Reason.REFUSED;
    };
  }

  /** Whether it says that the credentials were good until a moment ago. */
  static boolean hasExpiredCredentials(Throwable e) {
    return e instanceof S3Exception answered && EXPIRED.contains(code(answered));
  }

  /** Whether the answer says that the request had no effect and never will. */
  static boolean isWithoutEffect(Reason reason) {
    return switch (reason) {
      case BUCKET_MISSING,
          ACCESS_DENIED,
          CREDENTIALS_EXPIRED,
          CREDENTIALS_REFUSED,
          CREDENTIALS_MISSING,
          CLOCK_SKEWED,
          WRONG_REGION,
          EXISTS,
          CONFLICT,
          MISSING,
          DAMAGED,
          TOO_LARGE,
          NOT_SUPPORTED,
          REFUSED,
          UNREACHABLE ->
          true;
      case THROTTLED, STORE_FAILED, FULL, NOT_TRUSTED, TIMED_OUT, INTERRUPTED, CUT_OFF -> false;
    };
  }

  /** The failure in the library's own words; one of the library's own passes as it is. */
  static RuntimeException failure(S3RequestException e, String doing, String path) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (isOurs(cause) && cause instanceof RuntimeException own) {
        return own;
      }
    }
    Reason reason = e.reason();
    String text = reason == Reason.ACCESS_DENIED ? reason.text + e.call().grant() : reason.text;
    String message = doing + ": " + path + ": " + text + " (" + e.answer() + ").";
    ExportException failure =
        switch (reason.kind()) {
          case RETRYABLE -> ExportException.retryable(reason.code(), message, e);
          case PERMANENT -> ExportException.permanent(reason.code(), message, e);
          case OUTCOME_UNKNOWN -> ExportException.outcomeUnknown(reason.code(), message, e);
        };
    return e.retryAfter().map(failure::withRetryAfter).orElse(failure);
  }
}
