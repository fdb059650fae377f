/**
 * The unit that rows are exported in: a slice of a view, one attempt at it, and the receipt it
 * leaves.
 */
@NullMarked
package io.viewexport.api.chunk;

import org.jspecify.annotations.NullMarked;
