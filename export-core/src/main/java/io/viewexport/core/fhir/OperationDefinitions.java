// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.backend.BackendParameter;

/** stub */
final class OperationDefinitions {
  private OperationDefinitions() {}

  /** The FHIR type of a backend's parameter, as the name of its value ends. */
  static String valueOf(BackendParameter.Type type) {
    return switch (type) {
      case STRING -> "String";
      case CODE -> "Code";
      case INTEGER -> "Integer";
      case BOOLEAN -> "Boolean";
      case URL -> "Url";
    };
  }
}
