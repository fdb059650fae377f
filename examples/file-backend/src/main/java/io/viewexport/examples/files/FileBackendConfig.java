// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import java.nio.file.Path;
import java.util.List;

/**
 * What the host decides for all exports to files. Holds no secrets.
 *
 * @param allowedRoots the folders in or below which requests may have their files; at least one,
 *     the first of which is meant where a request says nothing
 * @param maxPartBytes about how many bytes a file may have before the next one is begun; at least 1
 *     KiB
 * @param maxPartRows how many rows a file may have; at least 1
 * @param rowGroupBytes how many bytes of a Parquet file are kept in memory before they are written;
 *     1 MiB to 1 GiB
 * @param maxKeysInMemory how many keys a running chunk keeps in memory before it sorts them out to
 *     disk, at about 50 bytes each; at least 1
 */
public record FileBackendConfig(
    List<Path> allowedRoots,
    long maxPartBytes,
    long maxPartRows,
    long rowGroupBytes,
    int maxKeysInMemory) {
  private static final long KIB = 1024L;
  private static final long MIB = 1024L * KIB;

  /** Copies the roots and checks the sizes. */
  public FileBackendConfig {
    allowedRoots = List.copyOf(allowedRoots);
    if (allowedRoots.isEmpty()) {
      throw new IllegalArgumentException("at least one root must be allowed");
    }
    if (maxPartBytes < KIB) {
      throw new IllegalArgumentException("maxPartBytes must be at least 1 KiB: " + maxPartBytes);
    }
    if (maxPartRows < 1) {
      throw new IllegalArgumentException("maxPartRows must be at least 1: " + maxPartRows);
    }
    if (rowGroupBytes < MIB || rowGroupBytes > KIB * MIB) {
      throw new IllegalArgumentException("rowGroupBytes must be 1 MiB to 1 GiB: " + rowGroupBytes);
    }
    if (maxKeysInMemory < 1) {
      throw new IllegalArgumentException("maxKeysInMemory must be at least 1: " + maxKeysInMemory);
    }
  }

  /**
   * Starts with the defaults: files of 256 MiB and any number of rows, row groups of 16 MiB,
   * 250,000 keys in memory.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings. */
  public static final class Builder {
    private List<Path> allowedRoots = List.of();
    private long maxPartBytes = 256 * MIB;
    private long maxPartRows = Long.MAX_VALUE;
    private long rowGroupBytes = 16 * MIB;
    private int maxKeysInMemory = 250_000;

    private Builder() {}

    /** The folders in or below which requests may have their files; demanded. */
    public Builder allowedRoots(List<Path> roots) {
      allowedRoots = List.copyOf(roots);
      return this;
    }

    /** About how many bytes a file may have; at least 1 KiB. */
    public Builder maxPartBytes(long bytes) {
      maxPartBytes = bytes;
      return this;
    }

    /** How many rows a file may have; at least 1. */
    public Builder maxPartRows(long rows) {
      maxPartRows = rows;
      return this;
    }

    /** How many bytes of a Parquet file are kept in memory; 1 MiB to 1 GiB. */
    public Builder rowGroupBytes(long bytes) {
      rowGroupBytes = bytes;
      return this;
    }

    /** How many keys a running chunk keeps in memory; at least 1. */
    public Builder maxKeysInMemory(int keys) {
      maxKeysInMemory = keys;
      return this;
    }

    /** The settings; throws {@link IllegalArgumentException} on a value out of its range. */
    public FileBackendConfig build() {
      return new FileBackendConfig(
          allowedRoots, maxPartBytes, maxPartRows, rowGroupBytes, maxKeysInMemory);
    }
  }
}
