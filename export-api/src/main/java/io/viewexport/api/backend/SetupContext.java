// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

/** What {@link ExportBackend#setupExport} is handed. */
public interface SetupContext extends TaskContext {

  /** {@return the view to prepare for} */
  ExportView view();
}
