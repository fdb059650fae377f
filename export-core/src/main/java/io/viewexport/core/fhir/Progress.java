// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.MergeOutcome;

/** How far a job is, by what can't be undone: chunks that are done, views that are merged. */
final class Progress {
  /** The merges' share of the work, in hundredths. */
  private static final int MERGES = 10;

  private Progress() {}

  /** From 0 to 99; never less than before, on whatever server; 100 is for jobs at their end. */
  static int percent(ExportJob job) {
    if (job.state().isFinal()) {
      return 100;
    }
    long chunks = job.outputs().stream().mapToLong(ExportOutput::chunkCount).sum();
    long done = job.outputs().stream().mapToLong(ExportOutput::chunksDone).sum();
    long merged = job.outputs().stream().filter(o -> o.outcome() == MergeOutcome.MERGED).count();
    long ofChunks = chunks == 0 ? 0 : (100 - MERGES) * done / chunks;
    long ofMerges = MERGES * merged / Math.max(1, job.outputs().size());
    return (int) Math.min(99, ofChunks + ofMerges);
  }

  /** For people: the percentage first, then what it is made of. */
  static String text(ExportJob job) {
    if (job.queuePosition().isPresent()) {
      return "0%, queued, position " + job.queuePosition().getAsInt();
    }
    long chunks = job.outputs().stream().mapToLong(ExportOutput::chunkCount).sum();
    long done = job.outputs().stream().mapToLong(ExportOutput::chunksDone).sum();
    return "%d%%, %d of %d chunks".formatted(percent(job), done, chunks);
  }
}
