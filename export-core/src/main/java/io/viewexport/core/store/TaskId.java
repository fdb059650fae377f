// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.job.JobId;
import io.viewexport.core.state.TaskType;

/**
 * Names a task.
 *
 * @param job its job
 * @param type its type
 * @param view the number of its view; 0 where it is not about one view
 * @param chunk the number of its chunk in the view; 0 where it is not about one chunk
 */
public record TaskId(JobId job, TaskType type, int view, int chunk) {}
