// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the files that were written last, so that nobody has to ask the store: Delta
 * Kernel wants the size of each, and the footer of each data file. Safe for use by many threads.
 */
final class WrittenFiles {
  private static final int KEPT = 16;

  private final Map<String, WrittenFile> files =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, WrittenFile> eldest) {
          return size() > KEPT;
        }
      };

  /** A file as it was written. */
  static final class WrittenFile {
    private final long size;
    private final long modifiedAt;
    private final byte[] tail;

    /**
     * What is known of it.
     *
     * @param size in bytes
     * @param modifiedAt by the store's clock, in milliseconds since 1970-01-01T00:00:00Z
     * @param tail its last bytes; all of a small one's
     */
    WrittenFile(long size, long modifiedAt, byte[] tail) {
      this.size = size;
      this.modifiedAt = modifiedAt;
      this.tail = tail;
    }

    long size() {
      return size;
    }

    long modifiedAt() {
      return modifiedAt;
    }

    /** Copies some of the tail. */
    byte[] range(long from, long to) {
      int start = (int) (from - tailStart());
      return Arrays.copyOfRange(tail, start, start + (int) (to - from));
    }

    /** Where the tail begins. */
    long tailStart() {
      return size - tail.length;
    }
  }

  synchronized void put(String path, WrittenFile file) {
    files.put(path, file);
  }

  synchronized Optional<WrittenFile> find(String path) {
    return Optional.ofNullable(files.get(path));
  }

  synchronized void forget(String path) {
    files.remove(path);
  }
}
