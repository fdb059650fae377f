// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ExportJob;
import java.util.Optional;

/** Says who may see, cancel and read the result of a job. Safe for use by many threads. */
@FunctionalInterface
public interface AccessPolicy {

  /** What is to be done with a job. */
  enum Action {
    /** To see its status, also in a list. */
    STATUS,
    /** To read what it produced. */
    RESULT,
    /** To cancel it. */
    CANCEL
  }

  /** Only whoever started it; a job of nobody in particular is open to nobody in particular. */
  AccessPolicy INITIATOR = (principal, job, action) -> principal.equals(job.request().principal());

  /**
   * Whether a principal may do this.
   *
   * @param principal who asks; empty: nobody in particular
   */
  boolean allows(Optional<String> principal, ExportJob job, Action action);
}
