/** How a view's columns become columns of a Delta table and of its Parquet files. */
@NullMarked
package io.viewexport.deltalake.internal.schema;

import org.jspecify.annotations.NullMarked;
