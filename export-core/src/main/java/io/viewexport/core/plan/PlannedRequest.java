// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.job.ExportRequest;
import java.util.List;

/** What a backend plans by. */
record PlannedRequest(ExportRequest request, List<ExportView> views) implements PlanContext {
  PlannedRequest {
    views = List.copyOf(views);
  }
}
