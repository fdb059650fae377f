// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

/**
 * What a backend can do beyond inserting rows of unknown key from one view. What a backend does not
 * list, the engine refuses at planning.
 */
public enum Capability {
  /** {@link io.viewexport.api.job.MergeMode#UPSERT}. */
  UPSERT,
  /** {@link io.viewexport.api.job.MergeMode#HISTORY}. */
  HISTORY,
  /** {@link io.viewexport.api.job.MergeMode#REPLACE}. */
  REPLACE,
  /** Columns that only the view has are added to a target that is there already. */
  SCHEMA_EVOLUTION,
  /** Several views in one job. */
  SEVERAL_VIEWS
}
