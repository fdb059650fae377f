// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import java.util.List;

/**
 * What an attempt at a chunk wrote, kept beside its files for finalize.
 *
 * @param files in their order; at least one, which may have no rows
 * @param nullKeys how many rows have NULL in the key
 * @param repeatedKeys how many rows have a key that another row has
 */
record ChunkRecord(List<FileManifest.PartFile> files, long nullKeys, long repeatedKeys) {

  ChunkRecord {
    files = List.copyOf(files);
  }

  long rowCount() {
    return files.stream().mapToLong(FileManifest.PartFile::rowCount).sum();
  }

  long byteCount() {
    return files.stream().mapToLong(FileManifest.PartFile::byteCount).sum();
  }
}
