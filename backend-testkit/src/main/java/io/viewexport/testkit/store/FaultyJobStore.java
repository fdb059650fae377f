// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.Experimental;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.testkit.FaultPoint;
import io.viewexport.testkit.PodCrash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A store that goes wrong as a test says, and otherwise does what the real one does: one server's
 * way to a store that others reach.
 *
 * <pre>{@code
 * FaultyJobStore store =
 *     new FaultyJobStore(real)
 *         .fail(StoreCall.CLAIM, FaultPoint.BEFORE)  // the next claim does not reach the store
 *         .fail(StoreCall.SETTLE, FaultPoint.AFTER); // the next settlement's answer is lost
 * backend.onCrash(store::crash);                     // with its server, its way to the store ends
 * }</pre>
 *
 * <p>A fault strikes the next call that it is meant for, once, unless told otherwise; of several
 * the first one injected. Safe for use by many threads.
 */
@Experimental
public final class FaultyJobStore extends ForwardingJobStore {
  private final List<Injection> injections = new ArrayList<>();
  private volatile Optional<Runnable> cut = Optional.empty();

  /**
   * Without faults so far.
   *
   * @param real what does the work
   */
  public FaultyJobStore(JobStore real) {
    super(real);
  }

  /**
   * Throws a {@link JobStoreException} once.
   *
   * @param call which method
   * @param point {@code BEFORE}: the call has no effect; {@code AFTER}: its answer is lost
   * @return this store
   */
  public FaultyJobStore fail(StoreCall call, FaultPoint point) {
    return inject(call, point, FaultyJobStore::unreachable, 1);
  }

  /**
   * Does something, such as throwing or letting time pass, at a point of the calls of a method.
   *
   * @param call which method
   * @param point before or after the call
   * @param fault run on the calling thread; what it throws reaches the caller
   * @param times how often; {@link Integer#MAX_VALUE}: always
   * @return this store
   * @throws IllegalArgumentException on {@link FaultPoint#MIDWAY}, which store calls don't have
   */
  public synchronized FaultyJobStore inject(
      StoreCall call, FaultPoint point, Runnable fault, int times) {
    if (point == FaultPoint.MIDWAY) {
      throw new IllegalArgumentException("a call of a store has no point midway");
    }
    injections.add(new Injection(call, point, fault, times));
    return this;
  }

  /**
   * From now on every call fails without effect. A server that has work in hand tries again until
   * its lease has run out by its own clock.
   */
  public void cut() {
    cut = Optional.of(FaultyJobStore::unreachable);
  }

  /** From now on every call throws a {@link PodCrash}: the server is no more. */
  public void crash() {
    cut = Optional.of(FaultyJobStore::dead);
  }

  /** Ends what {@link #cut} or {@link #crash} began. */
  public void restore() {
    cut = Optional.empty();
  }

  /**
   * {@return whether no call gets through: {@link #cut} or {@link #crash}, and no {@link #restore}
   * since}
   */
  public boolean isCut() {
    return cut.isPresent();
  }

  @Override
  protected <T> T around(StoreCall call, Supplier<T> work) {
    cut.ifPresent(Runnable::run);
    strike(call, FaultPoint.BEFORE);
    T answer = work.get();
    strike(call, FaultPoint.AFTER);
    return answer;
  }

  private static void unreachable() {
    throw new JobStoreException("The store can't be reached: an injected failure.", null);
  }

  private static void dead() {
    throw new PodCrash();
  }

  /** The lock is not held while a fault strikes: it may wait. */
  private void strike(StoreCall call, FaultPoint point) {
    due(call, point).ifPresent(Runnable::run);
  }

  private synchronized Optional<Runnable> due(StoreCall call, FaultPoint point) {
    Optional<Injection> due =
        injections.stream()
            .filter(one -> one.left > 0 && one.call == call && one.point == point)
            .findFirst();
    due.ifPresent(injection -> injection.left--);
    return due.map(injection -> injection.fault);
  }

  /** A fault and how often it is still to strike. */
  private static final class Injection {
    private final StoreCall call;
    private final FaultPoint point;
    private final Runnable fault;
    private int left;

    Injection(StoreCall call, FaultPoint point, Runnable fault, int times) {
      this.call = call;
      this.point = point;
      this.fault = fault;
      this.left = times;
    }
  }
}
