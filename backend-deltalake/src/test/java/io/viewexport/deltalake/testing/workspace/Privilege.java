// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

/** What can be granted to a principal. */
public enum Privilege {
  /** Use the SQL warehouse. */
  CAN_USE,
  /** Register an external table at an external location. */
  CREATE_EXTERNAL_TABLE,
  /** Create a table in a schema. */
  CREATE_TABLE,
  /** Get keys for a path of an external location. */
  EXTERNAL_USE_LOCATION,
  /** Get keys for the tables of a schema. */
  EXTERNAL_USE_SCHEMA,
  /** Change a table's rows and columns. */
  MODIFY,
  /** Read a table. */
  SELECT,
  /** See what is in a schema. */
  USE_SCHEMA;

  /** As SQL writes it. */
  public String words() {
    return this == CAN_USE ? "CAN_USE" : name().replace('_', ' ');
  }
}
