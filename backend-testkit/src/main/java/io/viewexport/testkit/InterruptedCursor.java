// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import java.math.BigDecimal;

/** Another cursor's rows, with something happening after the first one or at the end of none. */
final class InterruptedCursor implements RowCursor {
  private final RowCursor rows;
  private final Runnable midway;
  private boolean begun;
  private boolean struck;

  InterruptedCursor(RowCursor rows, Runnable midway) {
    this.rows = rows;
    this.midway = midway;
  }

  @Override
  public ViewSchema schema() {
    return rows.schema();
  }

  @Override
  public boolean next() {
    if (begun) {
      strikeOnce();
    }
    begun = true;
    boolean more = rows.next();
    if (!more) {
      strikeOnce();
    }
    return more;
  }

  private void strikeOnce() {
    if (!struck) {
      struck = true;
      midway.run();
    }
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
}
