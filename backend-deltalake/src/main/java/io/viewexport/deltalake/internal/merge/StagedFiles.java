// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.ExportException;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import java.util.ArrayList;
import java.util.List;

/** The files of the staging tables that receipts name. */
final class StagedFiles {
  private StagedFiles() {}

  /**
   * Reads the first version of each table, and nothing else of it.
   *
   * @throws ExportException {@code PERMANENT} where a table is not there, or does not hold as many
   *     rows as its receipt says
   */
  static List<TableFile> load(LakeStorage storage, List<StagedTable> tables) {
    List<TableFile> files = new ArrayList<>();
    for (StagedTable staged : tables) {
      DeltaTable table =
          DeltaTable.findFirstVersion(storage, staged.path())
              .orElseThrow(
                  () ->
                      ExportException.permanent(
                          "staging-missing",
                          "There is no staging table at "
                              + staged.path()
                              + " any more; export again.",
                          null));
      List<TableFile> ofTable = table.files();
      long rows = ofTable.stream().mapToLong(StagedFiles::rowCount).sum();
      if (rows != staged.rowCount()) {
        throw ExportException.permanent(
            "staging-mismatch",
            "The staging table at "
                + staged.path()
                + " holds "
                + rows
                + " rows, its receipt says "
                + staged.rowCount()
                + "; export again.",
            null);
      }
      ofTable.stream().filter(file -> rowCount(file) > 0).forEach(files::add);
    }
    return files;
  }

  private static long rowCount(TableFile file) {
    return file.rowCount()
        .orElseThrow(
            () ->
                ExportException.permanent(
                    "staging-mismatch",
                    "A staging table does not say how many rows it holds; export again.",
                    null));
  }
}
