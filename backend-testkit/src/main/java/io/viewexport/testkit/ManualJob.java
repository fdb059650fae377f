// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkAttempts;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.api.view.ViewSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A job that a test takes through a backend step by step, without an engine: no retries, no leases,
 * each call made when the test makes it. The backend is named by each call, so that several servers
 * can be played. Safe for use by many threads.
 *
 * <pre>{@code
 * ManualJob job = new ManualJob(request, source);
 * job.plan(backend);
 * job.setup(backend, 0);
 * job.chunk(backend, 0, 0);
 * job.merge(backend, 0);
 * job.cleanUp(backend, JobState.COMPLETED, MergeOutcome.MERGED);
 * }</pre>
 */
public final class ManualJob {
  private final ViewSource source;
  private final ManualContexts contexts;
  private final Map<Integer, ConcurrentSkipListMap<Integer, AcceptedReceipt>> receipts =
      new ConcurrentSkipListMap<>();
  private volatile List<Integer> chunkCounts = List.of();

  /**
   * A job that is not planned yet; the source describes its views and gives their rows.
   *
   * @param request what it is asked for
   * @param source describes its views and gives their rows
   */
  public ManualJob(ExportRequest request, ViewSource source) {
    this(JobId.random(), request, source);
  }

  /**
   * A job with an id of the test's choice.
   *
   * @param id the id
   * @param request what it is asked for
   * @param source describes its views and gives their rows
   */
  public ManualJob(JobId id, ExportRequest request, ViewSource source) {
    this.source = source;
    this.contexts = new ManualContexts(id, request, source);
  }

  /** {@return what the calls are handed: attempts, checkpoints, progress, the stop signal} */
  public ManualContexts contexts() {
    return contexts;
  }

  /**
   * Plans it and keeps the numbers of chunks.
   *
   * @param backend the server's that plans
   * @return what the backend answered
   */
  public ExportPlan plan(ExportBackend backend) {
    ExportPlan plan = backend.planExport(contexts.plan());
    chunkCounts = plan.views().stream().map(ExportPlan.ViewPlan::chunkCount).toList();
    return plan;
  }

  /**
   * Sets up a view.
   *
   * @param backend the server's that sets up
   * @param view number of the view, from 0
   */
  public void setup(ExportBackend backend, int view) {
    backend.setupExport(contexts.setup(view));
  }

  /**
   * Makes the next attempt at a chunk; its receipt, if it comes to one, wins.
   *
   * @param backend the server's that exports
   * @param view number of the view, from 0
   * @param chunk number of the chunk, from 0
   * @return the receipt, with the attempt's number
   */
  public AcceptedReceipt chunk(ExportBackend backend, int view, int chunk) {
    ChunkContext context = contexts.chunk(view, chunk);
    AcceptedReceipt accepted = attempt(backend, context);
    ofView(view).put(chunk, accepted);
    return accepted;
  }

  /**
   * Makes the next attempt at a chunk, whose receipt comes too late to count.
   *
   * @param backend the server's that exports
   * @param view number of the view, from 0
   * @param chunk number of the chunk, from 0
   * @return the receipt, which finalize is not handed
   */
  public AcceptedReceipt lateChunk(ExportBackend backend, int view, int chunk) {
    return attempt(backend, contexts.chunk(view, chunk));
  }

  private AcceptedReceipt attempt(ExportBackend backend, ChunkContext context) {
    try (RowCursor rows = source.openSlice(sliceOf(context), contexts.stop())) {
      ChunkReceipt receipt = backend.exportChunk(context, rows);
      return new AcceptedReceipt(context.chunk(), context.attempt(), 0, receipt);
    }
  }

  private SliceRequest sliceOf(ChunkContext context) {
    ExportView view = context.view();
    int count = chunkCounts.get(view.index());
    ViewSlice slice =
        count == 1 ? new ViewSlice.Whole() : new ViewSlice.KeyHash(context.chunk().chunk(), count);
    return new SliceRequest(
        view.description().name(),
        view.description().schema(),
        slice,
        view.settings().mergeKey(),
        view.settings().timestampColumn(),
        view.settings().patientColumn(),
        view.settings().filters(),
        Optional.empty());
  }

  /**
   * Makes the next attempt to merge a view, and the calls that {@code Again} asks for, at once.
   *
   * @param backend the server's that merges
   * @param view number of the view, from 0
   * @return the last answer
   */
  public FinalizeStep merge(ExportBackend backend, int view) {
    return finalizing(backend, view, FinalizeContext.Intent.MERGE);
  }

  /**
   * Makes the next attempt to withdraw a view's merge.
   *
   * @param backend the server's that withdraws
   * @param view number of the view, from 0
   * @return the last answer
   */
  public FinalizeStep withdraw(ExportBackend backend, int view) {
    return finalizing(backend, view, FinalizeContext.Intent.WITHDRAW);
  }

  private FinalizeStep finalizing(ExportBackend backend, int view, FinalizeContext.Intent intent) {
    FinalizeStep step = finalizeStep(backend, view, intent);
    while (step instanceof FinalizeStep.Again) {
      step = finalizeStep(backend, view, intent);
    }
    return step;
  }

  /**
   * Makes one call to finalize a view and keeps the checkpoint that {@code Again} hands over.
   *
   * @param backend the server's that is called
   * @param view number of the view, from 0
   * @param intent to merge or to withdraw
   * @return the answer
   */
  public FinalizeStep finalizeStep(ExportBackend backend, int view, FinalizeContext.Intent intent) {
    FinalizeStep step = finalizeOnce(backend, view, intent);
    if (step instanceof FinalizeStep.Again again) {
      contexts.saveCheckpoint(ManualTask.Finalize.name(view), again.checkpoint());
    }
    return step;
  }

  /**
   * Makes one call to finalize a view whose answer, checkpoint included, is lost.
   *
   * @param backend the server's that is called
   * @param view number of the view, from 0
   * @param intent to merge or to withdraw
   * @return the answer, of which the job keeps nothing
   */
  public FinalizeStep finalizeOnce(ExportBackend backend, int view, FinalizeContext.Intent intent) {
    return backend.finalizeExport(contexts.finalizing(view, intent, receipts(view)));
  }

  /**
   * {@return the receipts of a view that won so far, by chunk}
   *
   * @param view number of the view, from 0
   */
  public List<AcceptedReceipt> receipts(int view) {
    return List.copyOf(ofView(view).values());
  }

  /**
   * Cleans up; every view has this outcome.
   *
   * @param backend the server's that cleans up
   * @param state how the job ended
   * @param merge what the job's record says of each view
   */
  public void cleanUp(ExportBackend backend, JobState state, MergeOutcome merge) {
    List<CancelContext.EndedView> ended = new ArrayList<>();
    for (ExportView view : contexts.views()) {
      ended.add(
          new CancelContext.EndedView(
              view,
              merge,
              chunks(view.index()),
              contexts.attempts(ManualTask.Finalize.name(view.index()))));
    }
    backend.cancelExport(contexts.cancel(state, ended));
  }

  private List<ChunkAttempts> chunks(int view) {
    List<ChunkAttempts> chunks = new ArrayList<>();
    for (int chunk = 0; chunk < chunkCount(view); chunk++) {
      AcceptedReceipt winner = ofView(view).get(chunk);
      chunks.add(
          new ChunkAttempts(
              new ChunkId(contexts.jobId(), view, chunk),
              contexts.attempts(ManualTask.Chunk.name(view, chunk)),
              winner == null ? OptionalInt.empty() : OptionalInt.of(winner.attempt())));
    }
    return chunks;
  }

  private int chunkCount(int view) {
    return chunkCounts.isEmpty() ? 0 : chunkCounts.get(view);
  }

  /**
   * Plans, sets up every view, then exports every chunk of each, up to the merge.
   *
   * @param backend the server's that does it all
   * @return this job
   */
  public ManualJob stage(ExportBackend backend) {
    plan(backend);
    contexts.views().forEach(view -> setup(backend, view.index()));
    for (ExportView view : contexts.views()) {
      for (int chunk = 0; chunk < chunkCount(view.index()); chunk++) {
        chunk(backend, view.index(), chunk);
      }
    }
    return this;
  }

  /**
   * Runs all of it, the clean-up included.
   *
   * @param backend the server's that does it all
   * @return what finalize answered for each view
   */
  public List<FinalizeStep.Done> run(ExportBackend backend) {
    stage(backend);
    List<FinalizeStep.Done> done = new ArrayList<>();
    for (ExportView view : contexts.views()) {
      if (merge(backend, view.index()) instanceof FinalizeStep.Done merged) {
        done.add(merged);
      } else {
        throw new IllegalStateException("a merge was answered by Withdrawn");
      }
    }
    cleanUp(backend, JobState.COMPLETED, MergeOutcome.MERGED);
    return done;
  }

  private ConcurrentSkipListMap<Integer, AcceptedReceipt> ofView(int view) {
    return receipts.computeIfAbsent(view, none -> new ConcurrentSkipListMap<>());
  }
}
