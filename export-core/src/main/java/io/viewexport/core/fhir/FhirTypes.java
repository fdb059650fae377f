// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.view.ColumnType;
import java.util.Optional;

/** The types of columns by FHIR type, as the reference product maps them. */
final class FhirTypes {
  private FhirTypes() {}

  /**
   * The type for a FHIR type; empty where the relation's own decides. What is text, whatever FHIR
   * calls it, stays text: only the types of numbers and times say something.
   */
  static Optional<ColumnType> columnType(String type, ExportOperationConfig.Decimals decimals) {
    return switch (type) {
      case "integer", "positiveInt", "unsignedInt", "Integer" -> Optional.of(ColumnType.INT);
      case "integer64", "Long" -> Optional.of(ColumnType.BIGINT);
      case "decimal", "Decimal" ->
          switch (decimals) {
            case DOUBLE -> Optional.of(ColumnType.DOUBLE);
            case EXACT -> Optional.empty();
          };
      case "boolean", "Boolean" -> Optional.of(ColumnType.BOOLEAN);
      case "date", "Date" -> Optional.of(ColumnType.DATE);
      case "dateTime", "DateTime", "instant" -> Optional.of(ColumnType.TIMESTAMP);
      case "base64Binary" -> Optional.of(ColumnType.BINARY);
      default -> Optional.empty();
    };
  }
}
