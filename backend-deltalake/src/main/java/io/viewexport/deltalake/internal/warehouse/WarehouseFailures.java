// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import org.jspecify.annotations.Nullable;

/** Turns what a warehouse answers into failures in the library's own words. */
final class WarehouseFailures {
  private WarehouseFailures() {}

  static ExportException ofSubmit(WorkspaceException e, String warehouse) {
    return unknownSubmit(warehouse, e);
  }

  static ExportException unknownSubmit(String warehouse, @Nullable Throwable cause) {
    return ExportException.outcomeUnknown(
        "statement-outcome-unknown", "The answer of warehouse " + warehouse + " was lost.", cause);
  }

  static ExportException ofLookUp(WorkspaceException e, String warehouse) {
    return ExportException.retryable("warehouse-failed", "Warehouse " + warehouse, e);
  }

  static ExportException notUnderstood(String warehouse) {
    return ExportException.retryable("warehouse-failed", "Warehouse " + warehouse, null);
  }

  static boolean isRefused(WorkspaceException e) {
    return e.status() == 400;
  }
}
