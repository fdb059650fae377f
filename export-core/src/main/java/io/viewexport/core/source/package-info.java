/** Rows out of PostgreSQL: a view is described by its catalog and streamed by binary COPY. */
@NullMarked
package io.viewexport.core.source;

import org.jspecify.annotations.NullMarked;
