// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.util.Objects;
import java.util.Optional;

/**
 * A view that a request named.
 *
 * @param relation the relation that its rows are read from
 * @param definition the ViewDefinition as JSON; empty where the host has none: then nothing is
 *     known of the columns but what the relation says
 * @param timestampColumn the column that says when a row last changed, where the definition's paths
 *     don't tell; such a column need not be in the definition
 * @param patientColumn the column that holds the patient's key, likewise
 */
public record ResolvedView(
    ViewName relation,
    Optional<String> definition,
    Optional<String> timestampColumn,
    Optional<String> patientColumn) {

  /**
   * Checks that none is null.
   *
   * @param relation the relation that its rows are read from
   * @param definition the ViewDefinition as JSON
   * @param timestampColumn the column that says when a row last changed, where the definition's
   *     paths don't tell
   * @param patientColumn the column that holds the patient's key, likewise
   */
  public ResolvedView {
    Objects.requireNonNull(relation, "relation");
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(timestampColumn, "timestampColumn");
    Objects.requireNonNull(patientColumn, "patientColumn");
  }

  /**
   * A relation and the ViewDefinition that it was made by.
   *
   * @param relation what the rows are read from
   * @param definition the ViewDefinition as JSON
   * @return the view, without columns named besides
   */
  public static ResolvedView of(ViewName relation, String definition) {
    return new ResolvedView(relation, Optional.of(definition), Optional.empty(), Optional.empty());
  }

  /**
   * {@return this view, with the column that says when a row last changed}
   *
   * @param column its name in the relation
   */
  public ResolvedView withTimestampColumn(String column) {
    return new ResolvedView(relation, definition, Optional.of(column), patientColumn);
  }

  /**
   * {@return this view, with the column that holds the patient's key}
   *
   * @param column its name in the relation
   */
  public ResolvedView withPatientColumn(String column) {
    return new ResolvedView(relation, definition, timestampColumn, Optional.of(column));
  }
}
