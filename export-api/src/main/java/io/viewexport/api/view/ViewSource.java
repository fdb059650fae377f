// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import io.viewexport.api.StopSignal;

/** Where rows come from. Safe for use by many threads. */
public interface ViewSource {

  /**
   * Describes a view by one short read.
   *
   * @throws io.viewexport.api.ExportRefusedException where it is missing, may not be read, or has a
   *     column of a type that can't be exported, with every problem found
   * @throws io.viewexport.api.ExportException where the source can't be asked
   */
  DescribedView describeView(ViewName view);

  /**
   * Opens the rows of a slice, all under one snapshot. The schema's types are those described, or
   * others that these {@linkplain ColumnType#canBeReadAs can be read as}.
   *
   * <p>The caller closes the cursor. No limit of the source's own (time-outs of a role, a pool, a
   * driver) cuts the reading.
   *
   * @param stop ends the reading from outside: {@link RowCursor#next()} then throws {@link
   *     io.viewexport.api.ExportStoppedException} soon, also where it waits for the source
   * @throws io.viewexport.api.ExportException {@code PERMANENT} where the view is gone or its
   *     columns are not the described ones any more, {@code RETRYABLE} where the source can't be
   *     reached
   */
  RowCursor openSlice(SliceRequest request, StopSignal stop);
}
