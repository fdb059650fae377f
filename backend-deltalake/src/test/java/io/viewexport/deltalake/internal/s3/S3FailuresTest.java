// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3FailuresTest {

  private static ExportException failure(SdkException e) {
    return (ExportException)
        S3Failures.request(e, S3Call.WRITE).failure("Chunk 3 not staged", "s3://b/t");
  }

  private static S3Exception answer(int status, String code) {
    return (S3Exception)
        S3Exception.builder()
            .statusCode(status)
            .message("leaked text")
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode(code)
                    .errorMessage("leaked text")
                    .sdkHttpResponse(
                        SdkHttpResponse.builder().putHeader("Retry-After", "7").build())
                    .build())
            .build();
  }

  @ParameterizedTest
  @CsvSource({
    "404, NoSuchBucket, PERMANENT, bucket-not-found",
    "403, AccessDenied, PERMANENT, access-denied",
    "403, '', PERMANENT, access-denied",
    "400, ExpiredToken, RETRYABLE, credentials-expired",
    "403, InvalidAccessKeyId, PERMANENT, credentials-refused",
    "403, SignatureDoesNotMatch, PERMANENT, credentials-refused",
    "403, RequestTimeTooSkewed, RETRYABLE, clock-skewed",
    "503, SlowDown, RETRYABLE, store-throttled",
    "503, '', RETRYABLE, store-throttled",
    "429, '', RETRYABLE, store-throttled",
    "500, InternalError, RETRYABLE, store-failed",
    "502, '', RETRYABLE, store-failed",
    "301, PermanentRedirect, PERMANENT, wrong-region",
    "400, AuthorizationHeaderMalformed, PERMANENT, wrong-region",
    "412, PreconditionFailed, PERMANENT, file-exists",
    "409, ConditionalRequestConflict, RETRYABLE, store-conflict",
    "404, NoSuchKey, RETRYABLE, file-missing",
    "404, NoSuchUpload, RETRYABLE, file-missing",
    "400, RequestTimeout, RETRYABLE, store-timed-out",
    "400, BadDigest, RETRYABLE, transfer-damaged",
    "400, EntityTooLarge, PERMANENT, file-too-large",
    "501, NotImplemented, PERMANENT, store-not-supported",
    "507, XMinioStorageFull, RETRYABLE, disk-full",
    "400, InvalidRequest, PERMANENT, store-refused",
    "400, 'free text, perhaps leaked', PERMANENT, store-refused"
  })
  void statusAndCodeTell(int status, String code, String kind, String expected) {
    ExportException failure = failure(answer(status, code));

    assertThat(failure.kind() + " " + failure.code()).isEqualTo(kind + " " + expected);
    assertThat(failure.message()).contains("Chunk 3 not staged", "s3://b/t");
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain("leaked");
    }
  }

  @Test
  void theGrantAndTheTimeToWaitAreNamed() {
    assertThat(failure(answer(403, "AccessDenied")).message()).contains("grant s3:PutObject");
    assertThat(failure(answer(503, "SlowDown")).retryAfter())
        .hasValueSatisfying(time -> assertThat(time).hasSeconds(7));
  }

  private static SdkException unanswered(Exception cause) {
    return SdkClientException.builder().message("text").cause(cause).build();
  }

  @Test
  void theClassOfWhatCameInsteadOfAnAnswerTells() {
    assertThat(failure(unanswered(new ConnectException())).code()).isEqualTo("store-unreachable");
    assertThat(failure(unanswered(new UnknownHostException())).code())
        .isEqualTo("store-unreachable");
    assertThat(failure(unanswered(new SocketTimeoutException())).code())
        .isEqualTo("store-timed-out");
    assertThat(failure(ApiCallAttemptTimeoutException.create(1000)).code())
        .isEqualTo("store-timed-out");
    assertThat(failure(unanswered(new SSLHandshakeException(""))).code())
        .isEqualTo("store-not-trusted");
    assertThat(failure(unanswered(new java.io.IOException())).code())
        .isEqualTo("store-connection-lost");
    assertThat(failure(new CallersCredentials.Missing(new IllegalStateException())).code())
        .isEqualTo("credentials-missing");
  }

  @Test
  void whatTheLibrarysOwnProviderThrowsPasses() {
    ExportException own = ExportException.permanent("grant-missing", "Grant it.", null);

    assertThat(failure(new CallersCredentials.Missing(own))).isSameAs(own);
  }
}
