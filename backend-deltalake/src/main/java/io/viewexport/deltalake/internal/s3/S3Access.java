// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.viewexport.deltalake.S3Config;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The way to a store: its settings and the connections that all clients share. Safe for use by many
 * threads; whoever made it closes it, when no client is used any more.
 */
public final class S3Access implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 256;
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(30);

  /** Nothing slower is waited for: bytes per second. */
  private static final long SLOWEST_SENDING = 1024 * 1024;

  private final S3Config config;
  private final SdkHttpClient http;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, S3Access::timer);

  private S3Access(S3Config config, SdkHttpClient http) {
    this.config = config;
    this.http = http;
    // What is cancelled holds its request, and that a part.
    timer.setRemoveOnCancelPolicy(true);
  }

  private static Thread timer(Runnable work) {
    Thread thread = new Thread(work, "s3-timer");
    thread.setDaemon(true);
    return thread;
  }

  /** With connections of its own. */
  public static S3Access create(S3Config config) {
    return create(config, connections(config));
  }

  /** Over these connections, which are closed with it: for tests that break them. */
  public static S3Access create(S3Config config, SdkHttpClient http) {
    return new S3Access(config, http);
  }

  /** The connections that {@link #create(S3Config)} makes. */
  public static SdkHttpClient connections(S3Config config) {
    return Apache5HttpClient.builder()
        .maxConnections(MOST_CONNECTIONS)
        .connectionTimeout(config.connectTimeout())
        .connectionAcquisitionTimeout(config.answerTimeout())
        .socketTimeout(config.answerTimeout())
        .connectionMaxIdleTime(LONGEST_IDLE)
        .build();
  }

  /** The settings. */
  public S3Config config() {
    return config;
  }

  /**
   * How long a request may take that sends a part: to get a connection, to send and to be answered.
   * The time for an answer bounds only reading; a store that stops reading would hold up a sender
   * for ever.
   */
  Duration sendingTimeout() {
    return config
        .connectTimeout()
        .plus(config.answerTimeout().multipliedBy(2))
        .plusSeconds(1 + config.partBytes() / SLOWEST_SENDING);
  }

  /**
   * A client with these credentials, asked for anew with each request. It repeats requests that may
   * be repeated blindly. It holds nothing that has to be closed: closing it would close the
   * credentials, which are the caller's.
   */
  public S3Client client(AwsCredentialsProvider credentials) {
    RetryStrategy repeating =
        AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(config.tries()).build();
    return client(credentials, repeating);
  }

  /** As {@link #client}, one that makes each request once and leaves the rest to its caller. */
  S3Client singleTryClient(AwsCredentialsProvider credentials) {
    return client(credentials, AwsRetryStrategy.doNotRetry());
  }

  private S3Client client(AwsCredentialsProvider credentials, RetryStrategy retries) {
    var builder =
        S3Client.builder()
            .httpClient(http)
            .credentialsProvider(new CallersCredentials(credentials))
            .region(Region.of(config.region()))
            .forcePathStyle(config.addressing() == S3Config.Addressing.PATH)
            .overrideConfiguration(
                override ->
                    override
                        .retryStrategy(retries)
                        .scheduledExecutorService(timer)
                        .addExecutionInterceptor(new Expiry(credentials)));
    config.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /** Has credentials renewed that the store does not take any more, whatever was told of them. */
  private record Expiry(AwsCredentialsProvider credentials) implements ExecutionInterceptor {
    @Override
    public void onExecutionFailure(
        Context.FailedExecution context, ExecutionAttributes attributes) {
      if (S3Failures.hasExpiredCredentials(context.exception())
          && credentials instanceof ExpiringCredentials renewable) {
        renewable.expired();
      }
    }
  }

  @Override
  public void close() {
    http.close();
    timer.shutdownNow();
  }
}
