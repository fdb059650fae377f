// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.PlannedExport;
import java.util.Optional;

/**
 * A job to be stored.
 *
 * @param id its id
 * @param request what was asked for
 * @param plan the plan; empty: it gets a {@code PLAN} task for a server that has the backend
 * @param heldBack whether it can't be claimed before {@link JobStore#admit} lets it begin
 */
public record NewJob(
    JobId id, ExportRequest request, Optional<PlannedExport> plan, boolean heldBack) {}
