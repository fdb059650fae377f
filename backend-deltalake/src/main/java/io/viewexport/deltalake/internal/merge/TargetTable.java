// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.types.StructType;
import io.viewexport.deltalake.internal.storage.KernelFailures;
import io.viewexport.deltalake.internal.storage.LakeStorage;

/** The check of a target before anything is exported to it. */
public final class TargetTable {
  private TargetTable() {}

  /**
   * Checks that a merge into the target can work: its table features, columns and types. Changes
   * nothing; a target that is not there is fine.
   *
   * @throws io.viewexport.api.ExportException {@code PERMANENT} naming everything that is in the
   *     way; {@code RETRYABLE} where the target can't be read
   */
  public static void check(LakeStorage storage, MergeSpec spec) {
    TargetRules.checkSpec(spec);
    try {
      DeltaTable.find(storage, spec.target())
          .ifPresent(table -> TargetRules.check(table, spec, match(spec, table.schema())));
    } catch (RuntimeException e) {
      throw KernelFailures.of(e, "Target not checked", spec.target());
    }
  }

  static ColumnMatch match(MergeSpec spec, StructType target) {
    return ColumnMatch.of(spec.schema(), target);
  }
}
