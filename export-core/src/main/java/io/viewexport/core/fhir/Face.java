// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

/** One of the two operations, which differ in names alone. */
enum Face {
  VIEWDEFINITION_EXPORT(
      "viewdefinition-export",
      "/ViewDefinition/$viewdefinition-export",
      "view",
      "viewCanonical",
      "viewReference",
      "viewResource"),
  SQL_EXPORT(
      "sql-export",
      "/$sql-export",
      "subject",
      "subjectCanonical",
      "subjectReference",
      "subjectResource");

  /** The operation's code, without the dollar. */
  final String code;

  /** Where status and result are, below the FHIR base. */
  final String path;

  /** The parameter that names a view, and its parts that do so. */
  final String view;

  final String canonical;
  final String reference;
  final String resource;

  Face(String code, String path, String view, String canonical, String reference, String resource) {
    this.code = code;
    this.path = path;
    this.view = view;
    this.canonical = canonical;
    this.reference = reference;
    this.resource = resource;
  }
}
