// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

/** How much hangs on a rule of a contract. */
public enum RuleLevel {
  /** Rows or jobs are lost, doubled, shown too early or never end without it. */
  MUST,
  /** Clients or operators see something wrong without it. */
  SHOULD
}
