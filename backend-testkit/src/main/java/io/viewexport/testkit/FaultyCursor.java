// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Another cursor's rows, with something going wrong at a row that a test chooses: a failure, a
 * stall, a signal given, a look at what has been written so far.
 *
 * <pre>{@code
 * RowCursor rows =
 *     new FaultyCursor(real)
 *         .at(1000, stall)
 *         .fail(2000, () -> ExportException.retryable("source-lost", "The source broke off.", null));
 * }</pre>
 *
 * <p>Each fault strikes once, on the thread that reads. Where there are fewer rows, those that are
 * left strike at the end, before the reader is told of it.
 */
public final class FaultyCursor implements RowCursor {
  private final RowCursor rows;
  private final List<Injection> injections = new ArrayList<>();
  private long begun;

  /** Without faults so far. */
  public FaultyCursor(RowCursor rows) {
    this.rows = rows;
  }

  /**
   * Runs an action when so many rows have been read and the next one is asked for.
   *
   * @param row from 0: before the first one
   */
  public FaultyCursor at(long row, Runnable action) {
    injections.add(new Injection(row, action));
    return this;
  }

  /** Runs an action when the reader has come to the end, before it is told so. */
  public FaultyCursor atEnd(Runnable action) {
    return at(Long.MAX_VALUE, action);
  }

  /** Throws when so many rows have been read and the next one is asked for. */
  public FaultyCursor fail(long row, Supplier<? extends RuntimeException> failure) {
    return at(
        row,
        () -> {
          throw failure.get();
        });
  }

  @Override
  public ViewSchema schema() {
    return rows.schema();
  }

  @Override
  public boolean next() {
    strike(begun);
    begun++;
    boolean more = rows.next();
    if (!more) {
      strike(Long.MAX_VALUE);
    }
    return more;
  }

  private void strike(long read) {
    List<Injection> due = injections.stream().filter(one -> one.row <= read).toList();
    injections.removeAll(due);
    due.forEach(one -> one.action.run());
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
    rows.close();
  }

  private record Injection(long row, Runnable action) {}
}
