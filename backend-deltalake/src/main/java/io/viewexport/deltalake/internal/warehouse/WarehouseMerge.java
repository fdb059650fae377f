// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.merge.WarehouseTarget;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Merges staged rows into a table, in a SQL warehouse. Safe for use by many threads. */
public final class WarehouseMerge {
  private final SqlWarehouse warehouse;
  private final WarehouseSettings settings;

  /** A merge in this warehouse. */
  public WarehouseMerge(SqlWarehouse warehouse, WarehouseSettings settings) {
    this.warehouse = Objects.requireNonNull(warehouse, "warehouse");
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  /**
   * Takes the next step towards having the rows in the target.
   *
   * @param spec what is merged, and how; its target is not looked at but for messages
   * @param target describes the target as it is now; asked where it matters
   * @param staged what the receipts name; asked where it matters
   */
  public FinalizeStep run(
      FinalizeContext context,
      MergeSpec spec,
      Supplier<WarehouseTarget> target,
      Supplier<List<StagedChunk>> staged) {
    throw new UnsupportedOperationException("not yet " + warehouse.id() + settings);
  }
}
