/** Rows, contexts and broken storages for the tests of this module. */
@NullMarked
package io.viewexport.deltalake.testing;

import org.jspecify.annotations.NullMarked;
