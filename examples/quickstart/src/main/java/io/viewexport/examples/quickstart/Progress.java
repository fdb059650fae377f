// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;

/**
 * How far an export is.
 *
 * @param rows rows read so far
 * @param chunksDone chunks whose rows are staged
 * @param chunks all chunks; 0 while that is not known
 */
record Progress(long rows, int chunksDone, int chunks) {

  /** Nothing has happened. */
  static final Progress NONE = new Progress(0, 0, 0);

  /** How far a job is. */
  static Progress of(ExportJob job) {
    return new Progress(
        job.outputs().stream().mapToLong(ExportOutput::rowCount).sum(),
        job.outputs().stream().mapToInt(ExportOutput::chunksDone).sum(),
        job.outputs().stream().mapToInt(ExportOutput::chunkCount).sum());
  }

  /** Whether everything is read, and only the merge is left. */
  boolean isMerging() {
    return chunks > 0 && chunksDone == chunks;
  }
}
