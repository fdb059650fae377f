// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

/** A numbered rule of a contract; its tests begin with its number. */
public interface ContractRule {

  /** Its number, such as {@code B04}. */
  String name();

  /** How much hangs on it. */
  RuleLevel level();

  /** What is asked, in a sentence. */
  String text();

  /** Where to look in code that breaks it. */
  String lookAt();

  /** What a failed test of this rule says. */
  default String broken(String found) {
    return "%s (%s): %s Look at %s.%n%s".formatted(name(), level(), text(), lookAt(), found);
  }
}
