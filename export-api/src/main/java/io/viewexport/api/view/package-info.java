/**
 * The rows: where they come from, what columns they have, and how they are read without an object
 * per value.
 */
@NullMarked
package io.viewexport.api.view;

import org.jspecify.annotations.NullMarked;
