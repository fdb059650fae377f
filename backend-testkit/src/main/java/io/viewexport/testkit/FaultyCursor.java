// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.view.RowCursor;
import io.viewexport.testkit.internal.ForwardingCursor;
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
public final class FaultyCursor extends ForwardingCursor {
  private final List<Injection> injections = new ArrayList<>();
  private long begun;

  /**
   * Without faults so far.
   *
   * @param rows what is read
   */
  public FaultyCursor(RowCursor rows) {
    super(rows);
  }

  /**
   * Runs an action when so many rows have been read and the next one is asked for.
   *
   * @param row from 0: before the first one
   * @param action run on the reading thread; what it throws reaches the reader
   * @return this cursor
   */
  public FaultyCursor at(long row, Runnable action) {
    injections.add(new Injection(row, action));
    return this;
  }

  /**
   * Runs an action when the reader has come to the end, before it is told so.
   *
   * @param action run on the reading thread; what it throws reaches the reader
   * @return this cursor
   */
  public FaultyCursor atEnd(Runnable action) {
    return at(Long.MAX_VALUE, action);
  }

  /**
   * Throws when so many rows have been read and the next one is asked for.
   *
   * @param row from 0: before the first one; {@link Long#MAX_VALUE}: at the end
   * @param failure makes what is thrown
   * @return this cursor
   */
  public FaultyCursor fail(long row, Supplier<? extends RuntimeException> failure) {
    return at(
        row,
        () -> {
          throw failure.get();
        });
  }

  @Override
  public boolean next() {
    strike(begun);
    begun++;
    boolean more = super.next();
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

  private record Injection(long row, Runnable action) {}
}
