// SPDX-License-Identifier: Apache-2.0
/**
 * Calls to a Databricks workspace: who calls, how often a call may be repeated, how long it may
 * take. What a system behind it answers is put into words where that system is known.
 */
@NullMarked
package io.viewexport.deltalake.internal.workspace;

import org.jspecify.annotations.NullMarked;
