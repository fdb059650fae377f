// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.TaskContext;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.JobStore;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a backend is handed at any attempt. */
class AttemptContext implements TaskContext {
  private final Attempt attempt;
  private final JobStore store;

  AttemptContext(Attempt attempt, JobStore store) {
    this.attempt = attempt;
    this.store = store;
  }

  @Override
  public final JobId jobId() {
    return attempt.job().id();
  }

  @Override
  public final ExportRequest request() {
    return attempt.job().request();
  }

  @Override
  public final int attempt() {
    return attempt.claim().lease().token();
  }

  @Override
  public final StopSignal stop() {
    return attempt.held();
  }

  @Override
  public final Optional<String> checkpoint() {
    return attempt.claim().checkpoint();
  }

  @Override
  public final void saveCheckpoint(String text) {
    boolean merges = attempt.task().type() == TaskType.FINALIZE;
    requireStorable(text, merges ? ExportException::outcomeUnknown : ExportException::permanent);
    HeldLease held = attempt.held();
    if (!Patience.whileWanted(held, () -> store.saveCheckpoint(held.lease(), text))) {
      held.stop(StopReason.LEASE_LOST);
      throw new ExportStoppedException(StopReason.LEASE_LOST);
    }
    held.moved(0);
  }

  @Override
  public final void progress(long bytesWritten) {
    attempt.held().moved(bytesWritten);
  }

  @Override
  public final void warn(String code, String message) {
    attempt.events().taskWarned(attempt.task(), attempt(), ExportIssue.of(code, message));
  }

  /** Makes a failure of a kind that tells what is known of the work's effect. */
  interface Refusal {
    ExportException of(String code, String message, @Nullable Throwable cause);
  }

  /** Refuses a checkpoint that a store can't keep. */
  static void requireStorable(String checkpoint, Refusal refusal) {
    int bytes = checkpoint.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_CHECKPOINT_BYTES || checkpoint.indexOf('\0') >= 0) {
      String text =
          "A checkpoint has at most %d bytes, this one %d, and no character of code 0; this is a"
              + " defect of the backend.";
      throw refusal.of("checkpoint-refused", text.formatted(MAX_CHECKPOINT_BYTES, bytes), null);
    }
  }
}
