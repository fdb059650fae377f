// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A chunk that is some times as large as the heap of the server that stages it. */
class LargeChunkTest {
  private static final long MIB = 1024 * 1024;
  private static final long CHUNK_BYTES = Long.getLong("large.chunk.mib", 320) * MIB;
  private static final long PART_BYTES = 8 * MIB;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  @Test
  void isStagedToABucketInASmallHeap() throws Exception {
    try (S3Server server = S3Server.start();
        ChildJvm child =
            ChildJvm.start(
                LargeChunk.class,
                List.of("-Xmx96m", "-XX:MaxDirectMemorySize=16m", "-XX:+UseSerialGC"),
                List.of(
                    server.endpoint().toString(),
                    server.owner().accessKeyId(),
                    server.owner().secretAccessKey(),
                    server.url("noise"),
                    String.valueOf(CHUNK_BYTES)))) {
      assertThat(child.awaitExit(DEADLINE)).isZero();

      String[] staged = child.awaitLine("staged ", DEADLINE).split(" ", -1);
      assertThat(Long.parseLong(staged[1])).isEqualTo(CHUNK_BYTES / 4096);
      assertThat(Long.parseLong(staged[2])).as("bytes").isGreaterThan(CHUNK_BYTES);
      assertThat(Long.parseLong(staged[3]))
          .as("parts")
          .isGreaterThanOrEqualTo(CHUNK_BYTES / PART_BYTES);
    }
  }
}
