// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import java.util.Optional;

/**
 * Where a view is exported to in mode {@code external-direct}.
 *
 * @param target the directory of the target table, in the storage's spelling
 * @param stagingRoot the directory that staging lies below
 * @param ownStagingRoot whether that is the default, which is removed when it is empty
 * @param targetFileBytes about how large data files are
 */
record DirectPlace(String target, String stagingRoot, boolean ownStagingRoot, long targetFileBytes)
    implements Place {

  @Override
  public String exclusionKey() {
    return "delta:" + target;
  }

  @Override
  public Optional<String> targetPath() {
    return Optional.of(target);
  }
}
