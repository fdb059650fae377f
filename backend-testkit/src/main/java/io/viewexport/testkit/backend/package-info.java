// SPDX-License-Identifier: Apache-2.0
/**
 * For the authors of backends: the contract that each backend keeps, {@link
 * io.viewexport.testkit.backend.ExportBackendContract}, with its numbered rules, {@link
 * io.viewexport.testkit.backend.BackendRule}, and the report on how one does, {@link
 * io.viewexport.testkit.backend.Conformance}.
 */
@NullMarked
package io.viewexport.testkit.backend;

import org.jspecify.annotations.NullMarked;
