// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.testkit.BackendCall;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.WriteGate;
import io.viewexport.testkit.backend.BackendFault;
import io.viewexport.testkit.backend.BackendFixture;
import io.viewexport.testkit.backend.DoubtfulStaging;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** A prefix of a bucket: read by Delta Kernel over connections of its own. */
final class BucketPlace implements BackendFixture {
  private static final int MIB = 1024 * 1024;

  private final S3Server server;
  private final String prefix;
  private final LakeOnDisk lake;
  private final WriteGate gate = new WriteGate();
  private volatile String refused = "";
  private volatile FaultyS3.Fault fault = FaultyS3.Fault.SLOW_DOWN;

  BucketPlace(S3Server server, String prefix) {
    this.server = server;
    this.prefix = prefix;
    S3Config config = BackendOnS3.config(server).build();
    FaultyS3 http = BackendOnS3.faulty(config, (number, request) -> Optional.empty());
    this.lake =
        new LakeOnDisk(
            server.folder().resolve(prefix), BackendOnS3.storage(server, config, http).engine());
  }

  @Override
  public ExportBackend openBackend() {
    S3Config config =
        BackendOnS3.config(server)
            .partBytes(5 * MIB)
            .tries(1)
            .commitTimeout(Duration.ofMillis(1))
            .build();
    return BackendOnS3.create(server, config, BackendOnS3.faulty(config, this::planned));
  }

  private Optional<FaultyS3.Fault> planned(int number, SdkHttpRequest request) {
    if (request.method() != SdkHttpMethod.PUT) {
      return Optional.empty();
    }
    gate.pass();
    boolean refuses = !refused.isEmpty() && request.encodedPath().contains(refused);
    return refuses ? Optional.of(fault) : Optional.empty();
  }

  @Override
  public List<BackendFault> faults() {
    return List.of(
        fault("the bucket is slowed down", BackendCall.Kind.CHUNK, FaultyS3.Fault.SLOW_DOWN, "/"),
        fault("connections break", BackendCall.Kind.CHUNK, FaultyS3.Fault.NOT_SENT, "/"),
        fault("keys have expired", BackendCall.Kind.FINALIZE, FaultyS3.Fault.EXPIRED, ".parquet"),
        fault("commits are lost", BackendCall.Kind.FINALIZE, FaultyS3.Fault.NOT_SENT, ".json"));
  }

  private BackendFault fault(
      String name, BackendCall.Kind call, FaultyS3.Fault what, String below) {
    return new BackendFault(
        name,
        call,
        BackendFault.Nature.PASSING,
        () -> {
          fault = what;
          refused = below;
        },
        () -> refused = "");
  }

  @Override
  public Map<String, String> parameters(String target) {
    return Map.of("tablePath", table(target), "stagingTablePath", server.url(prefix + "/staging"));
  }

  private String table(String target) {
    return server.url(prefix + "/tables/" + target);
  }

  @Override
  public Optional<SampleRows> read(String target, ViewSchema schema) {
    return lake.read(target, table(target), schema);
  }

  @Override
  public Set<String> residue() {
    return lake.residue();
  }

  @Override
  public List<String> secrets() {
    return List.of(server.owner().secretAccessKey());
  }

  @Override
  public DoubtfulStaging doubtfulStaging() {
    return DoubtfulStaging.RESOLVED;
  }

  /** Two parts of an upload, and what is encoded meanwhile. */
  @Override
  public OptionalLong memoryPerChunk() {
    return OptionalLong.of(32 * MIB);
  }

  @Override
  public Optional<WriteGate> writeGate() {
    return Optional.of(gate);
  }
}
