// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.BlobStoreLocator;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The keys that a server knows, and the store that each of them opens. */
final class S3Keys implements BlobStoreLocator {
  private final Clock clock;
  private final BlobStore store;
  private final S3Key owner = new S3Key("OWNER", UUID.randomUUID().toString(), "", Instant.MAX);
  private final Map<String, Grant> vended = new ConcurrentHashMap<>();
  private final Set<String> written = ConcurrentHashMap.newKeySet();

  S3Keys(Clock clock, BlobStore store) {
    this.clock = clock;
    this.store = store;
  }

  S3Key owner() {
    return owner;
  }

  BlobStore store() {
    return store;
  }

  Set<String> written() {
    return Set.copyOf(written);
  }

  S3Key vend(String prefix, Duration lifetime, S3Access access) {
    S3Key key =
        new S3Key(
            "ASIA" + UUID.randomUUID().toString().replace("-", ""),
            UUID.randomUUID().toString(),
            // As long as those that are vended for real.
            "token/" + UUID.randomUUID() + "=".repeat(600),
            clock.instant().plus(lifetime));
    vended.put(key.accessKeyId(), new Grant(key, new ScopedStore(store, prefix, access, written)));
    return key;
  }

  void revoke(S3Key key) {
    vended.remove(key.accessKeyId());
  }

  /** The session token that has to come with this key, where one has. */
  Optional<String> sessionToken(String accessKeyId) {
    return Optional.ofNullable(vended.get(accessKeyId)).map(grant -> grant.key().sessionToken());
  }

  @Override
  public @Nullable AccessGrant locateBlobStore(
      @Nullable String accessKeyId, @Nullable String bucket, @Nullable String key) {
    if (accessKeyId == null) {
      return null;
    }
    if (accessKeyId.equals(owner.accessKeyId())) {
      return new AccessGrant(owner.secretAccessKey(), store);
    }
    Grant grant = vended.get(accessKeyId);
    if (grant == null) {
      return null;
    }
    if (!clock.instant().isBefore(grant.key().expiration())) {
      throw refusal(400, "ExpiredToken", "The provided token has expired.");
    }
    return new AccessGrant(grant.key().secretAccessKey(), grant.store());
  }

  static S3Exception refusal(int status, String code, String message) {
    return (S3Exception)
        S3Exception.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
            .message(message)
            .build();
  }

  private record Grant(S3Key key, BlobStore store) {}
}
