// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ServerTest {
  private static final TestClock CLOCK = new TestClock(Instant.parse("2030-01-01T00:00:00Z"));
  private static S3Server server;
  private final List<S3Client> clients = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = S3Server.start(CLOCK);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void closeClients() {
    clients.forEach(client -> client.close());
  }

  @Test
  void keepsObjectsAsFiles() throws Exception {
    put(owner(), "plain/part=1/a.parquet");

    assertThat(server.folder().resolve("plain/part=1/a.parquet")).hasContent("text");
    Files.writeString(server.folder().resolve("plain/b"), "from outside");
    assertThat(get(owner(), "plain/b")).isEqualTo("from outside");
  }

  @Test
  void putsOnlyIfAbsentWhereAsked() {
    S3Client client = owner();
    client.putObject(
        p -> p.bucket(S3Server.BUCKET).key("once").ifNoneMatch("*"), RequestBody.fromString("a"));

    refused(
        412,
        "PreconditionFailed",
        () ->
            client.putObject(
                p -> p.bucket(S3Server.BUCKET).key("once").ifNoneMatch("*"),
                RequestBody.fromString("b")));
    assertThat(get(client, "once")).isEqualTo("a");
  }

  @Test
  void aVendedKeyDoesEverythingBelowItsPrefix() {
    S3Client client = client(vend("mine/table", S3Access.READ_WRITE));

    put(client, "mine/table/a");
    upload(client, "mine/table/b");
    assertThat(list(client, "mine/table/")).containsExactly("mine/table/a", "mine/table/b");
    assertThat(get(client, "mine/table/b")).isEqualTo("part");
    assertThat(deleteAll(client, "mine/table/a", "mine/table/b")).isEmpty();
    assertThat(list(client, "mine/table/")).isEmpty();
  }

  @Test
  void aVendedKeyDoesNothingElsewhere() {
    put(owner(), "else/a");
    S3Client client = client(vend("mine", S3Access.READ_WRITE));
    put(client, "mine/a");

    for (String foreign : List.of("else/a", "mine2/a", "mine")) {
      denied(() -> put(client, foreign));
      denied(() -> get(client, foreign));
      denied(() -> upload(client, foreign));
      denied(() -> client.deleteObject(d -> d.bucket(S3Server.BUCKET).key(foreign)));
      denied(
          () ->
              client.copyObject(
                  c ->
                      c.sourceBucket(S3Server.BUCKET)
                          .sourceKey("mine/a")
                          .destinationBucket(S3Server.BUCKET)
                          .destinationKey(foreign)));
    }
    denied(() -> list(client, "els"));
    denied(() -> list(client, ""));
    denied(() -> list(client, "min"));
    assertThat(deleteAll(client, "else/a", "mine/a")).containsExactly("else/a AccessDenied");
    denied(client::listBuckets);
    assertThat(get(owner(), "else/a")).isEqualTo("text");
  }

  @Test
  void aKeyForReadingWritesNothing() {
    put(owner(), "read/a");
    S3Client client = client(vend("read", S3Access.READ));

    assertThat(get(client, "read/a")).isEqualTo("text");
    assertThat(list(client, "read/")).containsExactly("read/a");
    denied(() -> put(client, "read/b"));
    denied(() -> upload(client, "read/b"));
    assertThat(deleteAll(client, "read/a")).containsExactly("read/a AccessDenied");
  }

  @Test
  void aKeyExpiresWhileItIsUsed() {
    S3Client client = client(vend("short", S3Access.READ_WRITE));
    put(client, "short/a");

    CLOCK.advance(Duration.ofHours(1).minusMillis(1));
    put(client, "short/a");
    CLOCK.advance(Duration.ofMillis(1));
    refused(400, "ExpiredToken", () -> put(client, "short/a"));
    refused(400, "ExpiredToken", () -> list(client, "short/"));
  }

  @Test
  void refusesRevokedKeysWrongSecretsAndMissingTokens() {
    S3Key key = vend("odd", S3Access.READ_WRITE);
    S3Client client = client(key);

    refused(
        403,
        "SignatureDoesNotMatch",
        () ->
            put(
                client(new S3Key(key.accessKeyId(), "no", key.sessionToken(), key.expiration())),
                "odd/a"));
    refused(
        403,
        "InvalidAccessKeyId",
        () ->
            put(
                client(new S3Key(key.accessKeyId(), key.secretAccessKey(), "", key.expiration())),
                "odd/a"));
    refused(
        400,
        "InvalidToken",
        () ->
            put(
                client(new S3Key(key.accessKeyId(), key.secretAccessKey(), "x", key.expiration())),
                "odd/a"));
    put(client, "odd/a");
    server.revoke(key);
    refused(403, "InvalidAccessKeyId", () -> put(client, "odd/a"));
  }

  private static S3Key vend(String prefix, S3Access access) {
    return server.vend(prefix, Duration.ofHours(1), access);
  }

  private S3Client owner() {
    return client(server.owner());
  }

  private S3Client client(S3Key key) {
    AwsCredentials credentials =
        key.sessionToken().isEmpty()
            ? AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())
            : AwsSessionCredentials.create(
                key.accessKeyId(), key.secretAccessKey(), key.sessionToken());
    S3Client client =
        S3Client.builder()
            .endpointOverride(server.endpoint())
            .region(Region.of(S3Server.REGION))
            .forcePathStyle(true)
            .credentialsProvider(StaticCredentialsProvider.create(credentials))
            .build();
    clients.add(client);
    return client;
  }

  private static void put(S3Client client, String key) {
    client.putObject(p -> p.bucket(S3Server.BUCKET).key(key), RequestBody.fromString("text"));
  }

  private static String get(S3Client client, String key) {
    return client.getObjectAsBytes(g -> g.bucket(S3Server.BUCKET).key(key)).asUtf8String();
  }

  private static void upload(S3Client client, String key) {
    String id = client.createMultipartUpload(c -> c.bucket(S3Server.BUCKET).key(key)).uploadId();
    String tag =
        client
            .uploadPart(
                u -> u.bucket(S3Server.BUCKET).key(key).uploadId(id).partNumber(1),
                RequestBody.fromString("part"))
            .eTag();
    client.completeMultipartUpload(
        c ->
            c.bucket(S3Server.BUCKET)
                .key(key)
                .uploadId(id)
                .multipartUpload(
                    m -> m.parts(CompletedPart.builder().partNumber(1).eTag(tag).build())));
  }

  private static List<String> list(S3Client client, String prefix) {
    return client.listObjectsV2(l -> l.bucket(S3Server.BUCKET).prefix(prefix)).contents().stream()
        .map(object -> object.key())
        .toList();
  }

  /** The keys that were not deleted, each with why. */
  private static List<String> deleteAll(S3Client client, String... keys) {
    List<ObjectIdentifier> objects =
        List.of(keys).stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    return client
        .deleteObjects(d -> d.bucket(S3Server.BUCKET).delete(o -> o.objects(objects)))
        .errors()
        .stream()
        .map(error -> error.key() + " " + error.code())
        .toList();
  }

  private static void denied(ThrowingCallable call) {
    refused(403, "AccessDenied", call);
  }

  private static void refused(int status, String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(status);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            });
  }
}
