/** What becomes of a request: every problem with it, or the slices that its views are cut into. */
@NullMarked
package io.viewexport.core.plan;

import org.jspecify.annotations.NullMarked;
