// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.internal.parquet.PageCompression;
import io.viewexport.deltalake.internal.staging.StagingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What the host decides for all exports to Delta tables. Holds no secrets.
 *
 * @param allowedRoots the folders strictly below which requests may name targets and staging; may
 *     be empty where places elsewhere are allowed
 * @param compression how data files are compressed
 * @param rowGroupBytes compressed bytes of a Parquet row group, which bound the memory of a running
 *     chunk: it takes about twice as many; 1 MiB to 1 GiB
 * @param mergeMemoryBytes how much heap a merge may take for keys; at least 1 MiB
 */
public record DeltaLakeConfig(
    List<Path> allowedRoots, Compression compression, long rowGroupBytes, long mergeMemoryBytes) {
  private static final long MIB = 1024L * 1024;

  /** How data files are compressed. */
  public enum Compression {
    /** Zstandard: smaller. */
    ZSTD,
    /** Snappy: for readers that don't know Zstandard. */
    SNAPPY
  }

  /** Copies the roots and checks the sizes. */
  public DeltaLakeConfig {
    allowedRoots = List.copyOf(allowedRoots);
    Objects.requireNonNull(compression, "compression");
    if (rowGroupBytes < MIB || rowGroupBytes > 1024 * MIB) {
      throw new IllegalArgumentException("rowGroupBytes must be 1 MiB to 1 GiB: " + rowGroupBytes);
    }
    if (mergeMemoryBytes < MIB) {
      throw new IllegalArgumentException(
          "mergeMemoryBytes must be at least 1 MiB: " + mergeMemoryBytes);
    }
  }

  /** How chunks are staged, in files of about this size. */
  StagingSettings staging(long targetFileBytes) {
    PageCompression pages =
        switch (compression) {
          case ZSTD -> PageCompression.ZSTD;
          case SNAPPY -> PageCompression.SNAPPY;
        };
    return new StagingSettings(pages, rowGroupBytes, targetFileBytes);
  }

  /**
   * Starts with the defaults: Zstandard, row groups of 16 MiB, a quarter of the heap for merges.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings. */
  public static final class Builder {
    private static final int HEAP_SHARE = 4;

    private List<Path> allowedRoots = List.of();
    private Compression compression = Compression.ZSTD;
    private long rowGroupBytes = 16 * MIB;
    private long mergeMemoryBytes = Math.max(MIB, Runtime.getRuntime().maxMemory() / HEAP_SHARE);

    private Builder() {}

    /** The folders strictly below which requests may name targets and staging. */
    public Builder allowedRoots(List<Path> roots) {
      allowedRoots = List.copyOf(roots);
      return this;
    }

    /** How data files are compressed. */
    public Builder compression(Compression wanted) {
      compression = wanted;
      return this;
    }

    /** Compressed bytes of a row group; 1 MiB to 1 GiB. */
    public Builder rowGroupBytes(long bytes) {
      rowGroupBytes = bytes;
      return this;
    }

    /** How much heap a merge may take for keys; at least 1 MiB. */
    public Builder mergeMemoryBytes(long bytes) {
      mergeMemoryBytes = bytes;
      return this;
    }

    /** The settings; throws {@link IllegalArgumentException} on a value out of its range. */
    public DeltaLakeConfig build() {
      return new DeltaLakeConfig(allowedRoots, compression, rowGroupBytes, mergeMemoryBytes);
    }
  }
}
