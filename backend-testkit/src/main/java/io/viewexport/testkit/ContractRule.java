// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

/** A numbered rule of a contract; its tests begin with its number. */
public interface ContractRule {

  /** {@return its number, such as {@code B04}} */
  String name();

  /** {@return how much hangs on it} */
  RuleLevel level();

  /** {@return what is asked, in a sentence} */
  String text();

  /** {@return where to look in code that breaks it} */
  String lookAt();

  /**
   * What a failed test of this rule says.
   *
   * @param found what the test found
   * @return number, level and text of the rule, where to look, and what was found
   */
  default String broken(String found) {
    return "%s (%s): %s Look at %s.%n%s".formatted(name(), level(), text(), lookAt(), found);
  }
}
