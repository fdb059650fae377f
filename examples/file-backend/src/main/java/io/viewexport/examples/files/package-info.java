/** Kind {@code files}: views as NDJSON, CSV, JSON or Parquet files in a folder. */
@NullMarked
package io.viewexport.examples.files;

import org.jspecify.annotations.NullMarked;
