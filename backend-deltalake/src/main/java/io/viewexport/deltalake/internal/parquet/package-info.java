/**
 * Writes rows to Parquet files, column by column. Pages are made here, without an object per value;
 * Parquet's own library lays them out in the file and writes the footer.
 */
@NullMarked
package io.viewexport.deltalake.internal.parquet;

import org.jspecify.annotations.NullMarked;
