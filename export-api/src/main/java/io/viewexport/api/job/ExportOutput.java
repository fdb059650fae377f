// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.ViewName;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one view of a job so far.
 *
 * @param name the output's name
 * @param view the relation
 * @param outcome whether its rows are in the target
 * @param location where they are, such as {@code databricks-uc:main.fhir.patient} or {@code
 *     file:/data/patient}; there once they are merged
 * @param counts what the merge changed; there once they are merged
 * @param chunkCount number of chunks planned; 0 before planning
 * @param chunksDone number of chunks whose receipt was accepted
 * @param rowCount rows read: of accepted receipts, and of running attempts as last reported
 * @param byteCount bytes written, counted likewise
 * @param nextSince what the next incremental export of the view has to pass as {@code since}, or
 *     why that can't be known; there once they are merged
 */
public record ExportOutput(
    String name,
    ViewName view,
    MergeOutcome outcome,
    Optional<String> location,
    Optional<MergeCounts> counts,
    int chunkCount,
    int chunksDone,
    long rowCount,
    long byteCount,
    NextSince nextSince) {

  /**
   * Checks that none is null.
   *
   * @param name the output's name
   * @param view the relation
   * @param outcome whether its rows are in the target
   * @param location where they are, such as {@code databricks-uc:main.fhir.patient} or {@code
   *     file:/data/patient}
   * @param counts what the merge changed
   * @param chunkCount number of chunks planned
   * @param chunksDone number of chunks whose receipt was accepted
   * @param rowCount rows read so far
   * @param byteCount bytes written, counted likewise
   * @param nextSince what the next incremental export of the view has to pass as {@code since}, or
   *     why that can't be known
   */
  public ExportOutput {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(view, "view");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(counts, "counts");
    Objects.requireNonNull(nextSince, "nextSince");
  }
}
