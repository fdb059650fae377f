// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportException;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.core.retry.Retries;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.store.JobStore;
import java.util.List;

/** Has the backend bring a view's rows to the target, or find out whether it has. */
final class MergeStep implements TaskStep {
  private final JobStore store;

  MergeStep(JobStore store) {
    this.store = store;
  }

  @Override
  public TaskEvent run(Attempt attempt) {
    FinalizeStep step = attempt.backend().finalizeExport(context(attempt));
    if (step instanceof FinalizeStep.Done done) {
      return new TaskEvent.Merged(storable(done.location()), done.counts());
    }
    if (step instanceof FinalizeStep.Again again) {
      AttemptContext.requireStorable(again.checkpoint(), ExportException::outcomeUnknown);
      return new TaskEvent.MergeContinues(again.checkpoint(), Retries.atMostADay(again.after()));
    }
    if (!(step instanceof FinalizeStep.Withdrawn)) {
      String text =
          "Backend %s gave no answer to a call to finalize; this is a defect of it."
              .formatted(attempt.backend().kind());
      throw ExportException.outcomeUnknown("no-answer", text, null);
    }
    if (!isEnding(attempt)) {
      String text =
          "Backend %s withdrew a merge that it was not asked to withdraw; this is a defect of it.";
      throw ExportException.outcomeUnknown(
          "unasked-withdrawal", text.formatted(attempt.backend().kind()), null);
    }
    return new TaskEvent.MergeWithdrawn();
  }

  /** What was merged is merged: a place that a store can't keep as it is must not undo that. */
  private static String storable(String location) {
    return location.replace("\0", "");
  }

  private static boolean isEnding(Attempt attempt) {
    return attempt.claim().stop() != StopCause.NONE
        || attempt.held().reason().filter(why -> why == StopReason.JOB_ENDING).isPresent();
  }

  private Context context(Attempt attempt) {
    List<AcceptedReceipt> receipts =
        Patience.whileWanted(
            attempt.held(), () -> store.receipts(attempt.job().id(), attempt.task().view()));
    return new Context(attempt, store, receipts);
  }

  private static final class Context extends AttemptContext implements FinalizeContext {
    private final ExportView view;
    private final Intent intent;
    private final List<AcceptedReceipt> receipts;

    Context(Attempt attempt, JobStore store, List<AcceptedReceipt> receipts) {
      super(attempt, store);
      view = attempt.view();
      intent = attempt.claim().stop() == StopCause.NONE ? Intent.MERGE : Intent.WITHDRAW;
      this.receipts = List.copyOf(receipts);
    }

    @Override
    public ExportView view() {
      return view;
    }

    @Override
    public Intent intent() {
      return intent;
    }

    @Override
    public List<AcceptedReceipt> receipts() {
      return receipts;
    }
  }
}
