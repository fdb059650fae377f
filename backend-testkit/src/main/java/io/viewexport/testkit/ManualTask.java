// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.backend.TaskContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * An attempt at a task of a job that is played by hand; the kinds of tasks add what they hand over.
 */
class ManualTask implements TaskContext {
  final ManualContexts contexts;
  private final String task;
  private final int attempt;
  private final ManualStop stop;
  private final Optional<String> checkpoint;

  ManualTask(ManualContexts contexts, String task) {
    this.contexts = contexts;
    this.task = task;
    this.attempt = contexts.nextAttempt(task);
    this.stop = contexts.stop();
    this.checkpoint = contexts.checkpoint(task);
  }

  @Override
  public JobId jobId() {
    return contexts.jobId();
  }

  @Override
  public ExportRequest request() {
    return contexts.request();
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public StopSignal stop() {
    return new StopSignal() {
      @Override
      public Optional<StopReason> reason() {
        contexts.use(ContextUse.ASK_STOP);
        Optional<StopReason> answer = stop.reason();
        contexts.use(ContextUse.TOLD_STOP);
        return answer;
      }

      @Override
      public Registration onStop(Runnable action) {
        return stop.onStop(action);
      }
    };
  }

  @Override
  public Optional<String> checkpoint() {
    return checkpoint;
  }

  @Override
  public void saveCheckpoint(String text) {
    contexts.use(ContextUse.SAVE_CHECKPOINT);
    if (stop.reason().equals(Optional.of(StopReason.LEASE_LOST))) {
      throw new ExportStoppedException(StopReason.LEASE_LOST);
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_CHECKPOINT_BYTES) {
      throw new IllegalArgumentException(
          "a checkpoint has at most " + MAX_CHECKPOINT_BYTES + " bytes, this one " + bytes);
    }
    contexts.saveCheckpoint(task, text);
  }

  @Override
  public void progress(long bytesWritten) {
    contexts.use(ContextUse.PROGRESS);
    contexts.addBytes(bytesWritten);
  }

  @Override
  public void warn(String code, String message) {
    contexts.addWarning(ExportIssue.of(code, message));
  }

  static final class Setup extends ManualTask implements SetupContext {
    private final ExportView view;

    Setup(ManualContexts contexts, ExportView view) {
      super(contexts, "setup " + view.index());
      this.view = view;
    }

    @Override
    public ExportView view() {
      return view;
    }
  }

  static final class Chunk extends ManualTask implements ChunkContext {
    private final ExportView view;
    private final ChunkId chunk;

    Chunk(ManualContexts contexts, ExportView view, int chunk) {
      super(contexts, name(view.index(), chunk));
      this.view = view;
      this.chunk = new ChunkId(contexts.jobId(), view.index(), chunk);
    }

    static String name(int view, int chunk) {
      return "chunk " + view + "/" + chunk;
    }

    @Override
    public ExportView view() {
      return view;
    }

    @Override
    public ChunkId chunk() {
      return chunk;
    }
  }

  static final class Finalize extends ManualTask implements FinalizeContext {
    private final ExportView view;
    private final Intent intent;
    private final List<AcceptedReceipt> receipts;

    Finalize(
        ManualContexts contexts, ExportView view, Intent intent, List<AcceptedReceipt> receipts) {
      super(contexts, name(view.index()));
      this.view = view;
      this.intent = intent;
      this.receipts = List.copyOf(receipts);
    }

    static String name(int view) {
      return "finalize " + view;
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
      contexts.use(ContextUse.RECEIPTS);
      return receipts;
    }
  }

  static final class Cancel extends ManualTask implements CancelContext {
    private final JobState outcome;
    private final List<EndedView> views;

    Cancel(ManualContexts contexts, JobState outcome, List<EndedView> views) {
      super(contexts, "clean-up");
      this.outcome = outcome;
      this.views = List.copyOf(views);
    }

    @Override
    public JobState outcome() {
      return outcome;
    }

    @Override
    public List<EndedView> views() {
      return views;
    }
  }
}
