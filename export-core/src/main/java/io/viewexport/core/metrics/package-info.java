// SPDX-License-Identifier: Apache-2.0
/**
 * Shows what a service and its cluster do as Micrometer meters. Micrometer is an optional
 * dependency: nothing outside this package refers to it, and a host without it leaves this out.
 */
@NullMarked
package io.viewexport.core.metrics;

import org.jspecify.annotations.NullMarked;
