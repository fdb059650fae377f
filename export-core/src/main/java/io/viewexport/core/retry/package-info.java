/** What becomes of failed work: pure decisions, no clock, no sleeping. */
@NullMarked
package io.viewexport.core.retry;

import org.jspecify.annotations.NullMarked;
