// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import java.util.List;
import java.util.Optional;

/**
 * What a ViewDefinition says of its rows.
 *
 * @param name the name that the definition gives itself
 * @param columns its columns, in the order of the definition
 * @param idColumn the column that holds the resource's key
 * @param timestampColumn the column that says when the resource last changed
 * @param patientColumn the column that holds the patient's key
 */
record ViewShape(
    Optional<String> name,
    List<Column> columns,
    Optional<String> idColumn,
    Optional<String> timestampColumn,
    Optional<String> patientColumn) {

  /** Nothing is known. */
  static final ViewShape UNKNOWN =
      new ViewShape(
          Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * A column.
   *
   * @param path its FHIRPath
   * @param type its FHIR type, without the URL before it, where the definition says one
   * @param collection whether it may hold several values
   * @param ofResource whether its path begins at the resource, not within a {@code forEach} or
   *     {@code repeat}
   */
  record Column(
      String name, String path, Optional<String> type, boolean collection, boolean ofResource) {}
}
