// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.view.ViewResolver;
import io.viewexport.core.ExportService;
import java.util.Map;
import java.util.Objects;

/**
 * The operations {@code $viewdefinition-export} and {@code $sql-export}: a request in, a response
 * out. Safe for use by many threads; holds nothing that must be closed.
 *
 * <p>Paths, below the FHIR base:
 *
 * <ul>
 *   <li>{@code POST /$viewdefinition-export}, {@code /ViewDefinition/$viewdefinition-export},
 *       {@code /ViewDefinition/{id}/$viewdefinition-export}, {@code /$sql-export}: kick-off
 *   <li>{@code GET …/status/{exportId}}: status, {@code DELETE}: cancel, below {@code
 *       /ViewDefinition/$viewdefinition-export} and {@code /$sql-export}
 *   <li>{@code GET …/result/{exportId}}: result
 *   <li>{@code GET …/status}: the jobs that the caller may see, newest first
 * </ul>
 */
public final class ExportOperation {
  private final ExportService exports;
  private final ViewResolver views;
  private final ExportOperationConfig config;

  private ExportOperation(ExportService exports, ViewResolver views, ExportOperationConfig config) {
    this.exports = Objects.requireNonNull(exports, "exports");
    this.views = Objects.requireNonNull(views, "views");
    this.config = Objects.requireNonNull(config, "config");
  }

  /** The operations on a service; the host closes the service. */
  public static ExportOperation create(
      ExportService exports, ViewResolver views, ExportOperationConfig config) {
    return new ExportOperation(exports, views, config);
  }

  /** Whether a path below the FHIR base is one of the operations'. */
  public static boolean owns(String path) {
    return path.contains("$viewdefinition-export") || path.contains("$sql-export");
  }

  /** Answers a request. Throws nothing: what goes wrong is in the answer. */
  public OperationResponse handle(OperationRequest request) {
    return new OperationResponse(501, Map.of(), "");
  }
}
