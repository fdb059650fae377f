// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import java.util.Optional;

/** Where a view is exported to: read from its parameters by {@link ExportParameters}. */
sealed interface Place permits DirectPlace, ManagedPlace {

  /** Names the target, the same for every way to spell it; of any length. */
  String exclusionKey();

  /** The directory of the target table, where it is named by that. */
  Optional<String> targetPath();

  /** The directory that staging lies below. */
  String stagingRoot();

  /** About how large data files are. */
  long targetFileBytes();
}
