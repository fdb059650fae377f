// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.view.RowCursor;
import java.io.Closeable;
import java.io.IOException;

/** Writes the rows of one file, which is complete once this is closed. For use by one thread. */
interface RowWriter extends Closeable {

  /** Writes the row that the cursor stands at. */
  void write(RowCursor row) throws IOException;

  /** About how many bytes the file has so far, those still in memory included. */
  long byteCount();
}
