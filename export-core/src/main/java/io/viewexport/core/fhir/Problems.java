// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The problems of one request, in the order found. */
final class Problems {
  private static final int MOST = 100;

  private final List<Problem> found = new ArrayList<>();
  private boolean full;

  void add(ProblemCode code, String message, String expression) {
    add(Problem.of(code, message, expression));
  }

  void add(Problem problem) {
    if (found.size() < MOST) {
      found.add(problem);
    } else {
      full = true;
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Whether something was found with just this part of the request. */
  boolean concern(Optional<String> expression) {
    return expression.isPresent()
        && found.stream().anyMatch(problem -> problem.expression().equals(expression));
  }

  List<Problem> all() {
    List<Problem> all = new ArrayList<>(found);
    if (full) {
      all.add(Problem.of(ProblemCode.INVALID_VALUE, "There are more problems than are listed."));
    }
    return all;
  }
}
