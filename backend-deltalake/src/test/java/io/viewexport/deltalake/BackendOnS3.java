// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.s3.S3Storage;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.S3Key;
import io.viewexport.deltalake.testing.S3Server;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;

/** Backends and storages on a server of the tests, over connections that may break. */
public final class BackendOnS3 {
  private BackendOnS3() {}

  /** Settings for all of the bucket. */
  public static S3Config.Builder config(S3Server server) {
    return config(server.endpoint());
  }

  /** Settings for all of the bucket of a server in another process. */
  public static S3Config.Builder config(URI endpoint) {
    return S3Config.builder()
        .allowedRoots(List.of("s3://" + S3Server.BUCKET + "/"))
        .region(S3Server.REGION)
        .endpoint(endpoint)
        .addressing(S3Config.Addressing.PATH)
        .connectTimeout(Duration.ofSeconds(20))
        .answerTimeout(Duration.ofSeconds(60));
  }

  /** The owner's credentials. */
  public static AwsCredentialsProvider owner(S3Server server) {
    S3Key key = server.owner();
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey()));
  }

  /** Connections on which requests fail by plan. */
  public static FaultyS3 faulty(S3Config config, FaultyS3.Plan plan) {
    return new FaultyS3(S3Access.connections(config), plan);
  }

  /** A backend for tables in the bucket. */
  public static DeltaLakeBackend create(S3Server server, S3Config config, SdkHttpClient http) {
    return DeltaLakeBackend.builder(DeltaLakeConfig.builder().build())
        .s3(config, S3Access.create(config, http), owner(server))
        .build();
  }

  /** A storage of all of the bucket. */
  public static S3Storage storage(S3Server server, S3Config config, SdkHttpClient http) {
    return S3Storage.create(
        S3Access.create(config, http),
        config.allowedRoots(),
        owner(server),
        Map.of("parquet.compression", "ZSTD"));
  }
}
