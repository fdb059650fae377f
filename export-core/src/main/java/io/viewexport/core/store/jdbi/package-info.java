// SPDX-License-Identifier: Apache-2.0
/** Keeps jobs in PostgreSQL, in a schema of the library's own that it creates and migrates. */
@NullMarked
package io.viewexport.core.store.jdbi;

import org.jspecify.annotations.NullMarked;
