// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.Row;
import io.delta.kernel.utils.FileStatus;
import java.util.Optional;

/**
 * A data file of a table, as its log has it.
 *
 * @param status the absolute path and the size
 * @param scanRow Kernel's row for it
 * @param hasDeletedRows whether a deletion vector hides some of its rows
 * @param rowCount the rows it has, hidden ones included, where the log says so
 * @param statistics the log's statistics, as JSON
 */
record TableFile(
    FileStatus status,
    Row scanRow,
    boolean hasDeletedRows,
    Optional<Long> rowCount,
    Optional<String> statistics) {}
