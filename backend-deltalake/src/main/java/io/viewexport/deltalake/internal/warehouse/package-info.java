// SPDX-License-Identifier: Apache-2.0
/**
 * Statements on a SQL warehouse: submitted, found again, cancelled, and the merge that is made of
 * them. What a statement says is rendered in {@link io.viewexport.deltalake.internal.merge}.
 */
@NullMarked
package io.viewexport.deltalake.internal.warehouse;

import org.jspecify.annotations.NullMarked;
