// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.view.ViewSlice;
import java.util.List;

/**
 * A plan as it is stored, once: the views and how each is cut.
 *
 * @param views one for each view of the request, in its order
 */
public record PlannedExport(List<PlannedView> views) {
  /** Copies the list. */
  public PlannedExport {
    views = List.copyOf(views);
  }

  /**
   * The plan for one view.
   *
   * @param view the described view
   * @param slices one for each chunk; at least one
   * @param exclusionKey names the target
   */
  public record PlannedView(ExportView view, List<ViewSlice> slices, String exclusionKey) {
    /** Copies the slices. */
    public PlannedView {
      slices = List.copyOf(slices);
    }
  }
}
