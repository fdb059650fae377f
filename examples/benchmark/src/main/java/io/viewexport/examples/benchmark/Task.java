// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.benchmark;

import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.deltalake.DeltaLakeBackend;
import java.util.List;
import java.util.Optional;

/** The first attempt at the only chunk of a job, or at its merge. Stores nothing. */
record Task(JobId jobId, ExportView view, StopSignal stop, List<ChunkReceipt> staged)
    implements ChunkContext, FinalizeContext {

  @Override
  public ChunkId chunk() {
    return new ChunkId(jobId, 0, 0);
  }

  @Override
  public Intent intent() {
    return Intent.MERGE;
  }

  @Override
  public List<AcceptedReceipt> receipts() {
    return staged.stream().map(receipt -> new AcceptedReceipt(chunk(), 1, 0, receipt)).toList();
  }

  @Override
  public ExportRequest request() {
    return ExportRequest.builder(DeltaLakeBackend.KIND).view(view.description().name()).build();
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public Optional<String> checkpoint() {
    return Optional.empty();
  }

  @Override
  public void saveCheckpoint(String text) {}

  @Override
  public void progress(long bytesWritten) {}

  @Override
  public void warn(String code, String message) {}
}
