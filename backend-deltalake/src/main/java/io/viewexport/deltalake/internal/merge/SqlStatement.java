// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import java.util.List;
import java.util.Objects;

/**
 * A statement for a warehouse.
 *
 * @param text the SQL; values stand in it as {@code :name} alone
 * @param parameters what the names stand for
 */
public record SqlStatement(String text, List<Parameter> parameters) {

  /**
   * A value.
   *
   * @param name without the colon
   * @param type the SQL type, such as {@code BIGINT}
   * @param value as text
   */
  public record Parameter(String name, String type, String value) {
    /** Checks that none is null. */
    public Parameter {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(value, "value");
    }
  }

  /** Copies the parameters. */
  public SqlStatement {
    Objects.requireNonNull(text, "text");
    parameters = List.copyOf(parameters);
  }

  /** A statement without values. */
  public static SqlStatement of(String text) {
    return new SqlStatement(text, List.of());
  }
}
