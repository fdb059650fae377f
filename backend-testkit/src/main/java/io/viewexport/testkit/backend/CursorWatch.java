// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.view.RowCursor;
import io.viewexport.testkit.internal.ForwardingCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Another cursor's rows, with notes on who reads them. */
final class CursorWatch extends ForwardingCursor {
  private final List<Runnable> actions = new ArrayList<>();
  private final Set<Thread> readers = ConcurrentHashMap.newKeySet();
  private volatile int reads;
  private volatile int closes;

  CursorWatch(RowCursor rows) {
    super(rows);
  }

  void onNext(Runnable action) {
    actions.add(action);
  }

  /** The threads that asked for rows. */
  Set<Thread> readers() {
    return Set.copyOf(readers);
  }

  /** How often a row was asked for. */
  int reads() {
    return reads;
  }

  /** How often it was closed: once by the one who opened it. */
  int closes() {
    return closes;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread reads: that is what is being watched
  public boolean next() {
    readers.add(Thread.currentThread());
    reads++;
    actions.forEach(Runnable::run);
    return super.next();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // as above
  public void close() {
    closes++;
    super.close();
  }
}
