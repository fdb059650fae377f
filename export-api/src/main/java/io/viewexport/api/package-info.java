/** How things fail: refused requests, failures of three kinds, and work that was told to stop. */
@NullMarked
package io.viewexport.api;

import org.jspecify.annotations.NullMarked;
