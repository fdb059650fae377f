// SPDX-License-Identifier: Apache-2.0
/**
 * The engine as a host sees it: {@link io.viewexport.core.ExportService}, its settings and its
 * events; and, package-private, the workers that run tasks under leases.
 */
@NullMarked
package io.viewexport.core;

import org.jspecify.annotations.NullMarked;
