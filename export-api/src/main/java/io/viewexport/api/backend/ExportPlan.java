// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import java.util.List;

/**
 * What a backend makes of a request.
 *
 * @param views one for each view, in the order of the request
 */
public record ExportPlan(List<ViewPlan> views) {

  /**
   * Copies the list.
   *
   * @param views one for each view, in the order of the request
   */
  public ExportPlan {
    views = List.copyOf(views);
  }

  /**
   * The plan for one view.
   *
   * @param chunkCount into how many chunks the engine shall cut it; at least 1
   * @param exclusionKey names the target, the same for every way to spell it: finalize calls of one
   *     key do not run at the same time in one cluster; 1 to 1024 characters
   */
  public record ViewPlan(int chunkCount, String exclusionKey) {

    /**
     * Checks both.
     *
     * @param chunkCount into how many chunks the engine shall cut it
     * @param exclusionKey names the target, the same for every way to spell it
     */
    public ViewPlan {
      if (chunkCount < 1) {
        throw new IllegalArgumentException("chunkCount must be at least 1: " + chunkCount);
      }
      if (exclusionKey.isEmpty() || exclusionKey.length() > 1024) {
        throw new IllegalArgumentException("an exclusion key has 1 to 1024 characters");
      }
    }
  }
}
