// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

/** Where in a call a fault strikes. */
public enum FaultPoint {
  /** Before the real backend is called: the call has no effect. */
  BEFORE,
  /**
   * After the first row was handed to the real backend, or when it finds that there is none.
   * Strikes chunks alone.
   */
  MIDWAY,
  /** After the real backend has returned: the call has had its effect, its answer is not given. */
  AFTER
}
