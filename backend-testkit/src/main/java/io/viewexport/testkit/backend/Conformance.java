// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How a backend does, rule by rule. Safe for use by many threads. */
public final class Conformance {
  private final String kind;
  private final Map<BackendRule, List<Result>> results = new EnumMap<>(BackendRule.class);

  /** What became of a rule's tests. */
  public enum Result {
    /** All of its tests have passed. */
    PASSED,
    /** All have passed, and the backend refuses at least one thing, as it declares. */
    REFUSED_AS_DECLARED,
    /** No test of it was run. */
    UNTESTED,
    /** At least one of its tests has failed. */
    FAILED
  }

  Conformance(String kind) {
    this.kind = kind;
  }

  /** {@return the kind of the backend} */
  public String kind() {
    return kind;
  }

  synchronized void add(BackendRule rule, Result result) {
    results.computeIfAbsent(rule, none -> new ArrayList<>()).add(result);
  }

  /**
   * What became of the tests of a rule.
   *
   * @param rule which rule
   * @return the worst that one of its tests came to
   */
  public synchronized Result result(BackendRule rule) {
    List<Result> found = results.getOrDefault(rule, List.of());
    if (found.contains(Result.FAILED)) {
      return Result.FAILED;
    }
    if (found.contains(Result.REFUSED_AS_DECLARED)) {
      return Result.REFUSED_AS_DECLARED;
    }
    return found.isEmpty() ? Result.UNTESTED : Result.PASSED;
  }

  private synchronized int tests(BackendRule rule) {
    return results.getOrDefault(rule, List.of()).size();
  }

  /**
   * The table, as Markdown.
   *
   * @return the text, one line for each rule
   */
  public String table() {
    return Arrays.stream(BackendRule.values())
        .map(
            rule ->
                "| %s | %s | %s | %d | %s |"
                    .formatted(rule, rule.level(), word(result(rule)), tests(rule), rule.text()))
        .collect(
            Collectors.joining(
                "\n",
                "# Conformance of the backend `"
                    + kind
                    + "`\n\n"
                    + "| rule | level | result | tests | what it asks |\n"
                    + "|---|---|---|---|---|\n",
                "\n"));
  }

  private static String word(Result result) {
    return switch (result) {
      case PASSED -> "passed";
      case REFUSED_AS_DECLARED -> "refused as declared";
      case UNTESTED -> "untested";
      case FAILED -> "**failed**";
    };
  }
}
