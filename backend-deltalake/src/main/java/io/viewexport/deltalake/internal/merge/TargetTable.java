// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.types.StructType;
import io.viewexport.api.ExportException;
import io.viewexport.deltalake.internal.storage.KernelFailures;
import io.viewexport.deltalake.internal.storage.LakeStorage;

/** The check of a target before anything is exported to it. */
public final class TargetTable {
  private TargetTable() {}

  /**
   * Checks that a merge into the target can work: its table features, columns and types. Changes
   * nothing; a target that is not there is fine, and so is an empty folder. A folder with files of
   * others is not made a table: cleaning the table's files up, as Delta's VACUUM does, would delete
   * them.
   *
   * @throws io.viewexport.api.ExportException {@code PERMANENT} naming everything that is in the
   *     way; {@code RETRYABLE} where the target can't be read
   */
  public static void check(LakeStorage storage, MergeSpec spec) {
    TargetRules.checkSpec(spec);
    try {
      DeltaTable.find(storage, spec.target())
          .ifPresentOrElse(
              table -> TargetRules.check(table, spec, match(spec, table.schema())),
              () -> {
                checkPlace(storage, spec.target());
                checkFree(storage, spec.target());
              });
    } catch (RuntimeException e) {
      throw KernelFailures.of(e, "Target not checked", spec.target());
    }
  }

  /** Not in a table's folder, whose clean-up would delete it. */
  private static void checkPlace(LakeStorage storage, String target) {
    for (String above : storage.above(target)) {
      if (storage.exists(above + "/_delta_log")) {
        throw ExportException.permanent(
            "target-in-a-table",
            target + " lies in the Delta table " + above + "; choose a folder outside of it.",
            null);
      }
    }
  }

  /** Files of exports that run or were cut off are fine, and names that Delta passes over. */
  private static void checkFree(LakeStorage storage, String target) {
    boolean foreign =
        storage.names(target).stream()
            .anyMatch(name -> !name.matches("[._].*") && !FileNames.isOurs(name));
    if (foreign) {
      throw ExportException.permanent(
          "target-not-a-table",
          target + " is no Delta table, but files are in it; choose a table or an empty folder.",
          null);
    }
  }

  static ColumnMatch match(MergeSpec spec, StructType target) {
    return ColumnMatch.of(spec.schema(), target);
  }
}
