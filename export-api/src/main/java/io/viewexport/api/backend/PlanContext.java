// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import io.viewexport.api.job.ExportRequest;
import java.util.List;

/** What planning knows. There is no job yet. */
public interface PlanContext {

  /** {@return the request as it came} */
  ExportRequest request();

  /**
   * {@return its views, described, settings and parameters resolved, in the order of the request}
   */
  List<ExportView> views();
}
