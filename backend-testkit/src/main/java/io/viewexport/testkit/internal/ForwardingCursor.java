// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.internal;

import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import java.math.BigDecimal;

/** Another cursor's rows; subclasses change something about them. */
public abstract class ForwardingCursor implements RowCursor {
  private final RowCursor rows;

  /** Gives the rows of this one. */
  protected ForwardingCursor(RowCursor rows) {
    this.rows = rows;
  }

  @Override
  public ViewSchema schema() {
    return rows.schema();
  }

  @Override
  public boolean next() {
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
    rows.close();
  }
}
