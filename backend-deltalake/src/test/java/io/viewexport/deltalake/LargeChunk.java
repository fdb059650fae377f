// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.StopSignal;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSource;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.TestRows;
import io.viewexport.testkit.ManualJob;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A process that stages one chunk of rows that can't be compressed to a bucket, with the settings
 * that users get. It says {@code staged ROWS BYTES PARTS}.
 */
final class LargeChunk {
  private static final int ROW_BYTES = 4096;
  private static final ViewSchema SCHEMA =
      TestRows.schema("id", ColumnType.STRING, "noise", ColumnType.BINARY);

  private LargeChunk() {}

  /**
   * Runs.
   *
   * @param arguments the store's endpoint, the key and its secret, the table's URL, how many bytes
   */
  public static void main(String[] arguments) {
    S3Config config = BackendOnS3.config(URI.create(arguments[0])).build();
    FaultyS3 http = BackendOnS3.faulty(config, (number, request) -> Optional.empty());
    ViewName view = new ViewName("sof", "noise");
    ExportRequest request =
        ExportRequest.builder(DeltaLakeBackend.KIND)
            .view(view)
            .parameter("tablePath", arguments[3])
            .build();
    try (DeltaLakeBackend backend =
        DeltaLakeBackend.builder(DeltaLakeConfig.builder().build())
            .s3(
                config,
                S3Access.create(config, http),
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(arguments[1], arguments[2])))
            .build()) {
      ManualJob job = new ManualJob(request, new Noise(Long.parseLong(arguments[4])));
      ChunkReceipt receipt = job.stage(backend).receipts(0).get(0).receipt();
      long parts = http.requests().stream().filter(each -> each.contains("partNumber")).count();
      System.out.println("staged " + receipt.rowCount() + " " + receipt.byteCount() + " " + parts);
    }
  }

  /** A view of random rows, made as they are read. */
  private record Noise(long bytes) implements ViewSource {
    @Override
    public DescribedView describeView(ViewName view) {
      return new DescribedView(
          view, SCHEMA, OptionalLong.empty(), OptionalLong.empty(), Set.of(SliceKind.WHOLE));
    }

    @Override
    public RowCursor openSlice(SliceRequest request, StopSignal stop) {
      SplittableRandom random = new SplittableRandom(1);
      byte[] noise = new byte[ROW_BYTES];
      return TestRows.of(
          SCHEMA,
          bytes / ROW_BYTES,
          number -> {
            random.nextBytes(noise);
            return TestRows.row("id" + number, noise);
          });
    }
  }
}
