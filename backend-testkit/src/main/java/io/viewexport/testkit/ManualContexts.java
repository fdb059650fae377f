// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.Experimental;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ViewSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The contexts of one job, for calling a backend without an engine. It counts attempts and keeps
 * checkpoints as an engine would: each context that is made is another attempt, and finds what the
 * last one saved. Safe for use by many threads.
 *
 * <p>Tasks are named {@code setup 0}, {@code chunk 0/3}, {@code finalize 0} and {@code clean-up},
 * by the numbers of view and chunk.
 */
public final class ManualContexts {
  private final JobId jobId;
  private final ExportRequest request;
  private final List<ExportView> views;
  private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
  private final Map<String, String> checkpoints = new ConcurrentHashMap<>();
  private final List<Consumer<String>> checkpointActions = new CopyOnWriteArrayList<>();
  private final List<Consumer<ContextUse>> useActions = new CopyOnWriteArrayList<>();
  private final AtomicLong bytesWritten = new AtomicLong();
  private final List<ExportIssue> warnings = new CopyOnWriteArrayList<>();
  private volatile ManualStop stop = new ManualStop();

  /**
   * Contexts for a job of its own; the source describes the views.
   *
   * @param request what the job is asked for
   * @param source describes its views
   */
  public ManualContexts(ExportRequest request, ViewSource source) {
    this(JobId.random(), request, source);
  }

  /**
   * Contexts for a job with an id of the test's choice; the source describes the views.
   *
   * @param jobId the id
   * @param request what the job is asked for
   * @param source describes its views
   */
  public ManualContexts(JobId jobId, ExportRequest request, ViewSource source) {
    this.jobId = jobId;
    this.request = request;
    List<ExportView> described = new ArrayList<>();
    for (ViewRequest view : request.views()) {
      Map<String, String> parameters = new HashMap<>(request.parameters());
      parameters.putAll(view.parameters());
      described.add(
          new ExportView(
              described.size(),
              view.name(),
              source.describeView(view.view()),
              view.options().resolve(request.options()),
              parameters));
    }
    this.views = List.copyOf(described);
  }

  /**
   * The job.
   *
   * @return the id of the job
   */
  public JobId jobId() {
    return jobId;
  }

  /** {@return what the job was asked for} */
  public ExportRequest request() {
    return request;
  }

  /** {@return its views, described, settings and parameters resolved} */
  public List<ExportView> views() {
    return views;
  }

  /** {@return the signal of the contexts made since the start or the last {@link #restart}} */
  public ManualStop stop() {
    return stop;
  }

  /** Contexts made from here on have a new signal, which is not given. */
  public void restart() {
    stop = new ManualStop();
  }

  /**
   * The last text that an attempt at this task saved.
   *
   * @param task such as {@code setup 0}, {@code chunk 0/3}, {@code finalize 0}, {@code clean-up}
   * @return the text; empty where none was saved
   */
  public Optional<String> checkpoint(String task) {
    return Optional.ofNullable(checkpoints.get(task));
  }

  /**
   * Runs an action on each checkpoint, after it is stored, on the thread that saves it; what it
   * throws reaches the backend: a crash between a checkpoint and what it announces.
   *
   * @param action is handed the text
   */
  public void onCheckpoint(Consumer<String> action) {
    checkpointActions.add(action);
  }

  /**
   * Runs an action on each use of a context that is made from here on, before it is answered, on
   * the thread that uses it: to let something happen at every step of a call.
   *
   * @param action is handed what is asked for
   */
  @Experimental
  public void onUse(Consumer<ContextUse> action) {
    useActions.add(action);
  }

  /** {@return bytes that all attempts have reported as written} */
  public long bytesWritten() {
    return bytesWritten.get();
  }

  /** {@return what attempts warned of, in that order} */
  public List<ExportIssue> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * {@return the number of attempts at this task so far}
   *
   * @param task such as {@code setup 0}, {@code chunk 0/3}, {@code finalize 0}, {@code clean-up}
   */
  public int attempts(String task) {
    return attempts.getOrDefault(task, 0);
  }

  /**
   * For planning.
   *
   * @return what planning is handed
   */
  public PlanContext plan() {
    return new PlanContext() {
      @Override
      public ExportRequest request() {
        return request;
      }

      @Override
      public List<ExportView> views() {
        return views;
      }
    };
  }

  /**
   * For the next attempt to set up a view.
   *
   * @param view number of the view, from 0
   * @return a context with the next attempt's number
   */
  public SetupContext setup(int view) {
    return new ManualTask.Setup(this, views.get(view));
  }

  /**
   * For the next attempt at a chunk.
   *
   * @param view number of the view, from 0
   * @param chunk number of the chunk, from 0
   * @return a context with the next attempt's number
   */
  public ChunkContext chunk(int view, int chunk) {
    return new ManualTask.Chunk(this, views.get(view), chunk);
  }

  /**
   * For the next attempt to finalize a view.
   *
   * @param view number of the view, from 0
   * @param intent to merge or to withdraw
   * @param receipts what the context hands over
   * @return a context with the next attempt's number and the last checkpoint
   */
  public FinalizeContext finalizing(
      int view, FinalizeContext.Intent intent, List<AcceptedReceipt> receipts) {
    return new ManualTask.Finalize(this, views.get(view), intent, receipts);
  }

  /**
   * For the next clean-up.
   *
   * @param outcome the job's state
   * @param ended the views that were planned
   * @return a context with the next attempt's number
   */
  public CancelContext cancel(JobState outcome, List<CancelContext.EndedView> ended) {
    return new ManualTask.Cancel(this, outcome, ended);
  }

  void use(ContextUse use) {
    useActions.forEach(action -> action.accept(use));
  }

  int nextAttempt(String task) {
    return attempts.merge(task, 1, Integer::sum);
  }

  void saveCheckpoint(String task, String text) {
    checkpoints.put(task, text);
    checkpointActions.forEach(action -> action.accept(text));
  }

  void addBytes(long bytes) {
    bytesWritten.addAndGet(bytes);
  }

  void addWarning(ExportIssue warning) {
    warnings.add(warning);
  }
}
