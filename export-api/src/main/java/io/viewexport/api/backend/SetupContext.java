// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

/** What {@link ExportBackend#setupExport} is handed. */
public interface SetupContext extends TaskContext {

  /** The view to prepare for. */
  ExportView view();
}
