// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import io.viewexport.api.job.MergeCounts;
import java.time.Duration;
import java.util.Objects;

/** How far {@link ExportBackend#finalizeExport} came. */
public sealed interface FinalizeStep {

  /**
   * The rows are in the target.
   *
   * @param location where, such as {@code databricks-uc:main.fhir.patient} or {@code
   *     file:/data/patient}: no secrets
   * @param counts what the merge changed
   */
  record Done(String location, MergeCounts counts) implements FinalizeStep {
    /**
     * Checks that none is null.
     *
     * @param location where, such as {@code databricks-uc:main.fhir.patient} or {@code
     *     file:/data/patient}
     * @param counts what the merge changed
     */
    public Done {
      Objects.requireNonNull(location, "location");
      Objects.requireNonNull(counts, "counts");
    }
  }

  /**
   * The merge runs elsewhere. The call is to be made again, on any server; until then it holds no
   * worker and no lease. Counts as progress and as no attempt that failed.
   *
   * @param checkpoint handed to the next call
   * @param after how long to wait at the least
   */
  record Again(String checkpoint, Duration after) implements FinalizeStep {
    /**
     * Checks that the wait is not negative.
     *
     * @param checkpoint handed to the next call
     * @param after how long to wait at the least
     */
    public Again {
      Objects.requireNonNull(checkpoint, "checkpoint");
      if (after.isNegative()) {
        throw new IllegalArgumentException("can't wait for " + after);
      }
    }
  }

  /**
   * The rows are not in the target, and nothing that was begun can bring them there any more. The
   * answer to {@link FinalizeContext.Intent#WITHDRAW} alone.
   */
  record Withdrawn() implements FinalizeStep {}
}
