// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

/** How the end of an export is told, and what becomes of requests that can't be honoured. */
public enum ResponseProfile {
  /**
   * As Aidbox does: the status of a job that ended is {@code 200} with its outputs or its error,
   * also once it was cancelled. {@code _format} and {@code header} that the backend does not know
   * are given back and change nothing. A kind that nobody knows makes a job that fails.
   */
  REFERENCE,
  /**
   * As SQL on FHIR 2.1 says: the status of a job that ended is {@code 303} to its result, which is
   * {@code 200} with the outputs, or {@code 500} with the reason of the failure; after a cancel it
   * is {@code 404}. What can't be honoured is refused.
   */
  SPEC
}
