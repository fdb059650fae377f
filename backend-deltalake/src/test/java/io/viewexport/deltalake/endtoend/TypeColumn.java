// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A column of a table that tries a type.
 *
 * @param name its name
 * @param type its type in PostgreSQL
 * @param deltaType the type a reader of the table finds
 * @param literals what is put into it, as text
 * @param expected what a reader finds there, as text
 */
record TypeColumn(
    String name, String type, String deltaType, List<String> literals, List<String> expected) {

  /**
   * A column of values and what is found for each.
   *
   * @param valuesAndExpected a literal, what is found for it, the next literal, …
   */
  static TypeColumn of(String name, String type, String deltaType, String... valuesAndExpected) {
    List<String> literals = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < valuesAndExpected.length; i += 2) {
      literals.add(valuesAndExpected[i]);
      expected.add(valuesAndExpected[i + 1]);
    }
    return new TypeColumn(name, type, deltaType, literals, expected);
  }

  /** A column whose values are found as they were written. */
  static TypeColumn same(String name, String type, String deltaType, String... values) {
    return new TypeColumn(name, type, deltaType, List.of(values), List.of(values));
  }

  /** The value of a row as SQL; NULL where there is none. */
  String sql(int row) {
    return row < literals.size()
        ? "'" + literals.get(row).replace("'", "''") + "'::" + type
        : "NULL";
  }

  /** What is found in a row; empty: NULL. */
  Optional<String> found(int row) {
    return row < expected.size() ? Optional.of(expected.get(row)) : Optional.empty();
  }
}
