// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A backend that goes wrong as a test says, and otherwise does what the real one does.
 *
 * <pre>{@code
 * FaultyBackend backend =
 *     new FaultyBackend(real)
 *         .inject(BackendCall.chunk(0, 3, 1), FaultPoint.MIDWAY, Fault.retryable())
 *         .inject(BackendCall.every(Kind.FINALIZE), FaultPoint.AFTER, Fault.loseAnswer());
 * }</pre>
 *
 * <p>A fault strikes the first call that it is meant for, once, unless told otherwise. Where
 * several are meant for the same call and point, the first one injected strikes, and the next one
 * the next such call. Safe for use by many threads.
 */
public final class FaultyBackend implements ExportBackend {
  private final ExportBackend real;
  private final List<Injection> injections = new ArrayList<>();
  private final List<LoggedCall> log = new ArrayList<>();
  private final List<Runnable> crashActions = new CopyOnWriteArrayList<>();
  private volatile boolean crashed;

  /**
   * Without faults so far.
   *
   * @param real what does the work
   */
  public FaultyBackend(ExportBackend real) {
    this.real = real;
  }

  /**
   * Injects a fault that strikes once.
   *
   * @param calls which calls it may strike, such as {@link BackendCall#chunk}
   * @param point before, midway or after the call
   * @param fault what happens
   * @return this backend
   */
  public FaultyBackend inject(Predicate<BackendCall> calls, FaultPoint point, Fault fault) {
    return inject(calls, point, fault, 1);
  }

  /**
   * Injects a fault that strikes this often; {@link Integer#MAX_VALUE}: always.
   *
   * @param calls which calls it may strike, such as {@link BackendCall#chunk}
   * @param point before, midway or after the call
   * @param fault what happens
   * @param times how often
   * @return this backend
   */
  public synchronized FaultyBackend inject(
      Predicate<BackendCall> calls, FaultPoint point, Fault fault, int times) {
    injections.add(new Injection(calls, point, fault, times));
    return this;
  }

  /**
   * Runs an action when a {@link PodCrash} strikes, before it is thrown: to cut off what the
   * crashed server must not reach any more. Every later call of this backend crashes, too.
   *
   * @param action run on the thread of the call
   * @return this backend
   */
  public FaultyBackend onCrash(Runnable action) {
    crashActions.add(action);
    return this;
  }

  /** {@return whether a {@link PodCrash} has struck} */
  public boolean isCrashed() {
    return crashed;
  }

  /** {@return what happened so far, in order} */
  public synchronized List<LoggedCall> log() {
    return List.copyOf(log);
  }

  /**
   * {@return the calls of a method so far, in the order in which they began}
   *
   * @param kind the method
   */
  public List<BackendCall> calls(BackendCall.Kind kind) {
    return log().stream()
        .filter(entry -> entry.moment() == LoggedCall.Moment.BEGAN)
        .map(LoggedCall::call)
        .filter(call -> call.kind() == kind)
        .toList();
  }

  @Override
  public String kind() {
    return real.kind();
  }

  @Override
  public Set<Capability> capabilities() {
    return real.capabilities();
  }

  @Override
  public List<BackendParameter> parameters() {
    return real.parameters();
  }

  @Override
  public ExportPlan planExport(PlanContext context) {
    BackendCall call = new BackendCall(BackendCall.Kind.PLAN, Optional.empty(), -1, -1, 0);
    return run(call, () -> real.planExport(context));
  }

  @Override
  public void setupExport(SetupContext context) {
    BackendCall call =
        BackendCall.ofTask(
            BackendCall.Kind.SETUP, context.jobId(), context.view().index(), context.attempt());
    run(
        call,
        () -> {
          real.setupExport(context);
          return call;
        });
  }

  @Override
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    BackendCall call = BackendCall.ofChunk(context.chunk(), context.attempt());
    RowCursor watched = new FaultyCursor(rows).at(1, () -> strike(call, FaultPoint.MIDWAY));
    return run(call, () -> real.exportChunk(context, watched));
  }

  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    BackendCall call =
        BackendCall.ofTask(
            BackendCall.Kind.FINALIZE, context.jobId(), context.view().index(), context.attempt());
    return run(call, () -> real.finalizeExport(context));
  }

  @Override
  public void cancelExport(CancelContext context) {
    BackendCall call =
        BackendCall.ofTask(BackendCall.Kind.CANCEL, context.jobId(), -1, context.attempt());
    run(
        call,
        () -> {
          real.cancelExport(context);
          return call;
        });
  }

  @Override
  public void close() {
    real.close();
  }

  private <T> T run(BackendCall call, Supplier<T> work) {
    note(call, LoggedCall.Moment.BEGAN, Optional.empty());
    try {
      if (crashed) {
        throw new PodCrash();
      }
      strike(call, FaultPoint.BEFORE);
      T answer = work.get();
      note(call, LoggedCall.Moment.TOOK_EFFECT, Optional.empty());
      strike(call, FaultPoint.AFTER);
      note(call, LoggedCall.Moment.RETURNED, Optional.empty());
      return answer;
    } catch (RuntimeException | Error thrown) {
      note(call, LoggedCall.Moment.THREW, Optional.of(thrown));
      if (thrown instanceof PodCrash) {
        crash();
      }
      throw thrown;
    }
  }

  private void crash() {
    crashed = true;
    crashActions.forEach(Runnable::run);
  }

  private synchronized void note(
      BackendCall call, LoggedCall.Moment moment, Optional<Throwable> thrown) {
    log.add(new LoggedCall(call, moment, thrown));
  }

  /** The lock is not held while a fault strikes: it may stall. */
  private void strike(BackendCall call, FaultPoint point) {
    due(call, point).ifPresent(fault -> fault.strike(call));
  }

  private synchronized Optional<Fault> due(BackendCall call, FaultPoint point) {
    Optional<Injection> due =
        injections.stream().filter(injection -> injection.isMeantFor(call, point)).findFirst();
    due.ifPresent(injection -> injection.left--);
    return due.map(injection -> injection.fault);
  }

  /** A fault and how often it is still to strike. */
  private static final class Injection {
    private final Predicate<BackendCall> calls;
    private final FaultPoint point;
    private final Fault fault;
    private int left;

    Injection(Predicate<BackendCall> calls, FaultPoint point, Fault fault, int times) {
      this.calls = calls;
      this.point = point;
      this.fault = fault;
      this.left = times;
    }

    boolean isMeantFor(BackendCall call, FaultPoint where) {
      return left > 0 && point == where && calls.test(call);
    }
  }
}
