// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.metrics;

import java.util.HashSet;
import java.util.Set;

/**
 * Keeps the number of codes that become tags small: a backend's codes are its own, and nothing
 * keeps it from making one up for each failure.
 */
final class FailureCodes {
  static final int MOST = 100;
  static final String OTHER = "other";

  private final Set<String> seen = new HashSet<>();

  /** The code, where it is one of the first that were seen. */
  synchronized String bounded(String code) {
    if (seen.size() < MOST) {
      seen.add(code);
    }
    return seen.contains(code) ? code : OTHER;
  }
}
