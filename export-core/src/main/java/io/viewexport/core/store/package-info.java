/**
 * Where jobs and their tasks are kept, and how a task is leased: atomic primitives that decide
 * nothing.
 */
@NullMarked
package io.viewexport.core.store;

import org.jspecify.annotations.NullMarked;
