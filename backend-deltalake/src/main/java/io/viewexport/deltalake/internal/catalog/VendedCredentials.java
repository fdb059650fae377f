// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.ExportException;
import io.viewexport.deltalake.internal.s3.ExpiringCredentials;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.deltalake.internal.workspace.Renewable;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Credentials for S3 that Unity Catalog vends for one table or path, renewed before they end, also
 * in the middle of an upload: when half their time is over, so that clocks that differ by less do
 * no harm. Safe for use by many threads.
 */
public final class VendedCredentials implements ExpiringCredentials {
  /** Less than this is left where the catalog's clock is far from ours. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private static final Duration CLOCK_APART = Duration.ofMinutes(2);

  private static final Duration LONGEST = Duration.ofHours(12);
  private static final Duration DEFAULT = Duration.ofMinutes(15);

  private final WorkspaceApi api;
  private final WorkspaceCall call;
  private final Subject subject;
  private final Pause pause;
  private final Renewable<AwsSessionCredentials> credentials;

  VendedCredentials(WorkspaceApi api, WorkspaceCall call, Subject subject, Pause pause) {
    this.api = api;
    this.call = call;
    this.subject = subject;
    this.pause = pause;
    credentials = new Renewable<>(pause);
  }

  /**
   * Credentials that hold for a while yet.
   *
   * @throws ExportException where the catalog refuses them
   * @throws io.viewexport.api.ExportStoppedException where the work they are for was told to stop
   */
  @Override
  public AwsCredentials resolveCredentials() {
    return credentials.get(call.stop(), this::vend);
  }

  /** They are told to hold by the catalog's clock; the store has the last word. */
  @Override
  public void expired() {
    credentials.drop();
  }

  private Renewable.Fresh<AwsSessionCredentials> vend() {
    try {
      JsonNode answer = api.call(call);
      Duration lifetime = lifetime(answer.path("expiration_time").asLong(0));
      return new Renewable.Fresh<>(read(answer), lifetime, lifetime.dividedBy(2));
    } catch (WorkspaceException e) {
      throw CatalogFailures.of(e, subject);
    }
  }

  private AwsSessionCredentials read(JsonNode answer) {
    JsonNode aws = answer.path("aws_temp_credentials");
    String id = aws.path("access_key_id").asText("");
    String secret = aws.path("secret_access_key").asText("");
    String token = aws.path("session_token").asText("");
    if (id.isBlank() || secret.isBlank() || token.isBlank()) {
      throw ExportException.permanent(
          "credentials-not-for-s3",
          subject.doing() + ": Unity Catalog vends no credentials for S3 there; use an s3:// path.",
          null);
    }
    return AwsSessionCredentials.create(id, secret, token);
  }

  private Duration lifetime(long expirationMillis) {
    if (expirationMillis <= 0) {
      return DEFAULT;
    }
    Duration left = Duration.between(pause.now(), Instant.ofEpochMilli(expirationMillis));
    if (left.compareTo(SHORTEST) < 0) {
      return CLOCK_APART;
    }
    return left.compareTo(LONGEST) < 0 ? left : LONGEST;
  }

  /** What they are for, and nothing of them. */
  @Override
  public String toString() {
    return "VendedCredentials[" + subject.object() + "]";
  }
}
