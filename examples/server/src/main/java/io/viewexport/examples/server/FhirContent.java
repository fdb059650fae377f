// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import io.viewexport.core.fhir.ExportOperation;
import java.util.Map;

/** FHIR JSON that a host says itself. */
final class FhirContent {
  static final String TYPE = "application/fhir+json";
  static final Map<String, String> HEADERS = Map.of("Content-Type", TYPE + ";charset=utf-8");

  private FhirContent() {}

  /** A CapabilityStatement of the operations alone. */
  static String capabilityStatement(ExportOperation operation, String base) {
    return """
        {"resourceType": "CapabilityStatement", "status": "active", "date": "2026-11-01",
         "kind": "instance", "fhirVersion": "4.0.1", "format": ["json"],
         "implementation": {"description": "ViewExport example", "url": "%s"},
         "rest": [{"mode": "server", "operation": %s}]}
        """
        .formatted(base, operation.capabilityOperations(base));
  }

  /**
   * An OperationOutcome of one error.
   *
   * @param code of the FHIR issue types
   * @param text words without quotation marks
   */
  static String outcome(String code, String text) {
    return """
        {"resourceType": "OperationOutcome", "issue": [
          {"severity": "error", "code": "%s", "diagnostics": "%s"}]}
        """
        .formatted(code, text);
  }
}
