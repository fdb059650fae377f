// SPDX-License-Identifier: Apache-2.0
/**
 * The in-process merge: brings staged rows into a target table on Delta Kernel, with one commit, in
 * bounded memory.
 */
@NullMarked
package io.viewexport.deltalake.internal.merge;

import org.jspecify.annotations.NullMarked;
