// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import java.util.Objects;

/**
 * A file of a storage.
 *
 * @param path as the storage spells paths
 * @param size in bytes
 * @param modifiedAt when it was last changed, in milliseconds since 1970-01-01T00:00:00Z
 */
public record StoredFile(String path, long size, long modifiedAt) {

  /** Checks that there is a path. */
  public StoredFile {
    Objects.requireNonNull(path, "path");
  }

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
