// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.schema;

/** Identifiers in the SQL of a warehouse. */
public final class SqlNames {
  private SqlNames() {}

  /**
   * An identifier between backticks, those in it doubled.
   *
   * @throws IllegalArgumentException where it is empty or has a control character
   */
  public static String quote(String name) {
    if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a name in SQL is empty or has a control character");
    }
    return "`" + name.replace("`", "``") + "`";
  }
}
