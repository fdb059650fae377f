// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The problems of one request, in the order found, none of them twice. */
final class Issues {
  private final List<ExportIssue> found = new ArrayList<>();

  void add(String code, String message, String expression) {
    found.add(ExportIssue.of(code, message, expression));
  }

  /** Adds what a source found, which does not know the number of its view. */
  void addOfView(int view, List<ExportIssue> more) {
    for (ExportIssue issue : more) {
      String expression = issue.expression().orElse("view[" + view + "]");
      found.add(ExportIssue.of(issue.code(), issue.message(), expression));
    }
  }

  /** Adds what a backend found, but for what the engine has found itself. */
  void addOfBackend(List<ExportIssue> more) {
    List<ExportIssue> own = List.copyOf(found);
    more.stream().filter(issue -> own.stream().noneMatch(o -> same(o, issue))).forEach(found::add);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ExportRefusedException(found);
    }
  }

  private static boolean same(ExportIssue one, ExportIssue other) {
    return one.code().equals(other.code()) && samePart(one.expression(), other.expression());
  }

  /** A part named for one view and the same part named for all are taken for the same. */
  private static boolean samePart(Optional<String> one, Optional<String> other) {
    if (one.isEmpty() || other.isEmpty() || one.equals(other)) {
      return true;
    }
    boolean bothOfAView = one.get().startsWith("view[") && other.get().startsWith("view[");
    return !bothOfAView && tail(one.get()).equals(tail(other.get()));
  }

  private static String tail(String expression) {
    return expression.substring(expression.lastIndexOf('.') + 1);
  }
}
