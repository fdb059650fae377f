// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportIssue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** Reads one view's parameters and collects what is wrong with them. */
final class ParameterReader {
  private final Map<String, String> values;
  private final UnaryOperator<String> expression;
  private final List<ExportIssue> problems;

  /**
   * A reader.
   *
   * @param expression makes the expression for a parameter's name
   * @param problems takes every problem found
   */
  ParameterReader(
      Map<String, String> values, UnaryOperator<String> expression, List<ExportIssue> problems) {
    this.values = values;
    this.expression = expression;
    this.problems = problems;
  }

  /** The names of all parameters there are, sorted. */
  List<String> names() {
    return values.keySet().stream().sorted().toList();
  }

  /** A value as it is; empty where there is none, or a blank one. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }

  /** As {@link #text}; a missing one is a problem. */
  Optional<String> required(String name, String whatFor) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      problem("missing-parameter", name + " is required: " + whatFor + ".", name);
    }
    return value;
  }

  /** A whole number in a range; empty where it is none, which is a problem. */
  OptionalInt number(String name, int usual, int most) {
    String text = values.get(name);
    if (text == null) {
      return OptionalInt.of(usual);
    }
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= 1 && number <= most) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException notANumber) {
      problem("invalid-value", name + " must be a whole number.", name);
      return OptionalInt.empty();
    }
    problem("invalid-value", name + " must be 1 to " + most + ".", name);
    return OptionalInt.empty();
  }

  void problem(String code, String message, String parameter) {
    problems.add(ExportIssue.of(code, message, expression.apply(parameter)));
  }
}
