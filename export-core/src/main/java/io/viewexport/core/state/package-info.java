/**
 * What follows from what: the job state machine. Pure: no I/O, no clock, no sleeping; a store calls
 * it inside its own transaction.
 */
@NullMarked
package io.viewexport.core.state;

import org.jspecify.annotations.NullMarked;
