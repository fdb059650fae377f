// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

/** What clean-up does with the staging of a view whose merge has no known outcome. */
public enum DoubtfulStaging {
  /** It stays until a later clean-up is told the outcome. */
  KEPT,
  /** Clean-up finds the outcome out for good, no frozen attempt can change it, and deletes it. */
  RESOLVED
}
