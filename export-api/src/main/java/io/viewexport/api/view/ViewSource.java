// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import io.viewexport.api.Experimental;
import io.viewexport.api.ExportException;
import io.viewexport.api.StopSignal;
import java.util.List;
import java.util.Optional;

/** Where rows come from. Safe for use by many threads. */
public interface ViewSource {

  /**
   * Describes a view by one short read.
   *
   * @param view the relation
   * @return its columns, estimates of its size, and how it can be cut
   * @throws io.viewexport.api.ExportRefusedException where it is missing, may not be read, or has a
   *     column of a type that can't be exported, with every problem found
   * @throws io.viewexport.api.ExportException where the source can't be asked
   */
  DescribedView describeView(ViewName view);

  /**
   * What makes a view slow or unsafe to export; reads no row.
   *
   * @param view the relation
   * @param key the columns that name a row
   * @param timestampColumn the column that tells newer from older
   * @return one advice for each finding; empty by default
   * @throws io.viewexport.api.ExportRefusedException where it can't be exported at all
   * @throws io.viewexport.api.ExportException where the source can't be asked
   */
  @Experimental
  default List<ViewAdvice> adviseOn(
      ViewName view, List<String> key, Optional<String> timestampColumn) {
    return List.of();
  }

  /**
   * From when on rows of a view may still be unseen by a snapshot that is taken after this call:
   * the start of the oldest transaction that may not be at its end, without any margin.
   *
   * @param view the relation
   * @return the moment, or why this source can't tell it: the default
   * @throws io.viewexport.api.ExportException where the source can't be asked
   */
  default NextSince nextSince(ViewName view) {
    return NextSince.withheld(
        "source-cannot-tell",
        "The source of the views does not know which of its transactions are under way.");
  }

  /** {@return whether {@link #openSnapshot} gives snapshots} */
  @Experimental
  default boolean sharesSnapshots() {
    return false;
  }

  /**
   * Takes a snapshot that all chunks of a job can be read under, of views that until it is closed
   * are neither emptied nor rewritten. The caller closes it.
   *
   * @param views every relation that is to be read under it
   * @return the snapshot, held until it is closed
   * @throws io.viewexport.api.ExportException {@code RETRYABLE} where the source can't be reached,
   *     {@code PERMANENT} where it has no such snapshots
   */
  @Experimental
  default SharedSnapshot openSnapshot(List<ViewName> views) {
    throw ExportException.permanent(
        "not-supported", "The source of the views has no snapshots to share.", null);
  }

  /**
   * Opens the rows of a slice, all under one snapshot. The schema's types are those described, or
   * others that these {@linkplain ColumnType#canBeReadAs can be read as}.
   *
   * <p>The caller closes the cursor. No limit of the source's own (time-outs of a role, a pool, a
   * driver) cuts the reading.
   *
   * @param request which rows of which view, under which snapshot
   * @param stop ends the reading from outside: {@link RowCursor#next()} then throws {@link
   *     io.viewexport.api.ExportStoppedException} soon, also where it waits for the source
   * @return the rows, before the first one
   * @throws io.viewexport.api.ExportException {@code PERMANENT} where the view is gone or its
   *     columns are not the described ones any more, {@code RETRYABLE} where the source can't be
   *     reached; its code is {@code snapshot-gone} where {@link SliceRequest#snapshot()} is not
   *     held any more, or never was on the server that this source reads from
   */
  RowCursor openSlice(SliceRequest request, StopSignal stop);
}
