// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Another cursor's rows, with notes on who reads them. */
final class CursorWatch implements RowCursor {
  private final RowCursor rows;
  private final List<Runnable> actions = new ArrayList<>();
  private final Set<Thread> readers = ConcurrentHashMap.newKeySet();
  private volatile int reads;
  private volatile boolean closed;

  CursorWatch(RowCursor rows) {
    this.rows = rows;
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

  boolean isClosed() {
    return closed;
  }

  @Override
  public ViewSchema schema() {
    return rows.schema();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread reads: that is what is being watched
  public boolean next() {
    readers.add(Thread.currentThread());
    reads++;
    actions.forEach(Runnable::run);
    return rows.next();
  }

  @Override
  public boolean isNull(int column) {
    return rows.isNull(column);
  }

  @Override
  public boolean booleanValue(int column) {
    return rows.booleanValue(column);
  }

  @Override
  public int intValue(int column) {
    return rows.intValue(column);
  }

  @Override
  public long longValue(int column) {
    return rows.longValue(column);
  }

  @Override
  public float floatValue(int column) {
    return rows.floatValue(column);
  }

  @Override
  public double doubleValue(int column) {
    return rows.doubleValue(column);
  }

  @Override
  public BigDecimal decimalValue(int column) {
    return rows.decimalValue(column);
  }

  @Override
  public byte[] bytes(int column) {
    return rows.bytes(column);
  }

  @Override
  public int byteOffset(int column) {
    return rows.byteOffset(column);
  }

  @Override
  public int byteLength(int column) {
    return rows.byteLength(column);
  }

  @Override
  public long rowCount() {
    return rows.rowCount();
  }

  @Override
  public void close() {
    closed = true;
    rows.close();
  }
}
