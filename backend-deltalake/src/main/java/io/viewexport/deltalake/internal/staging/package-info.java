/**
 * Staging: each attempt at a chunk writes a Delta table of its own, with one commit, and leaves a
 * receipt that names it.
 */
@NullMarked
package io.viewexport.deltalake.internal.staging;

import org.jspecify.annotations.NullMarked;
