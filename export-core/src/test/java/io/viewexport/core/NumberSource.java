// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.StopSignal;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.api.view.ViewSource;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** Views whose rows are the numbers from 0, as {@code id}, with a time and a text beside. */
final class NumberSource implements ViewSource {
  static final ViewSchema SCHEMA =
      new ViewSchema(
          List.of(
              new ViewColumn("id", ColumnType.BIGINT, "bigint"),
              new ViewColumn("ts", ColumnType.TIMESTAMP, "timestamp with time zone"),
              new ViewColumn("text", ColumnType.STRING, "text")));
  private final Map<ViewName, Integer> views = new HashMap<>();

  NumberSource with(String view, int rows) {
    views.put(ViewName.parse(view), rows);
    return this;
  }

  void drop(String view) {
    views.remove(ViewName.parse(view));
  }

  @Override
  public DescribedView describeView(ViewName view) {
    if (!views.containsKey(view)) {
      throw new ExportRefusedException(
          List.of(ExportIssue.of("view-not-found", "There is no view " + view + ".")));
    }
    return new DescribedView(
        view,
        SCHEMA,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Set.of(SliceKind.WHOLE, SliceKind.KEY_HASH));
  }

  @Override
  public RowCursor openSlice(SliceRequest request, StopSignal stop) {
    LongStream all = LongStream.range(0, views.getOrDefault(request.view(), 0));
    return new Rows(all.filter(id -> isIn(request.slice(), id)).toArray(), stop);
  }

  private static boolean isIn(ViewSlice slice, long id) {
    return !(slice instanceof ViewSlice.KeyHash hash) || id % hash.count() == hash.index();
  }

  private static final class Rows implements RowCursor {
    private final long[] ids;
    private final StopSignal stop;
    private final AtomicInteger given = new AtomicInteger();
    private boolean over;

    Rows(long[] ids, StopSignal stop) {
      this.ids = ids;
      this.stop = stop;
    }

    @Override
    public ViewSchema schema() {
      return SCHEMA;
    }

    @Override
    public boolean next() {
      stop.throwIfStopped();
      over = over || given.get() == ids.length;
      if (!over) {
        given.incrementAndGet();
      }
      return !over;
    }

    @Override
    public boolean isNull(int column) {
      return column != 0;
    }

    @Override
    public long longValue(int column) {
      return ids[given.get() - 1];
    }

    @Override
    public long rowCount() {
      return given.get();
    }

    @Override
    public void close() {}

    @Override
    public boolean booleanValue(int column) {
      throw new IllegalStateException();
    }

    @Override
    public int intValue(int column) {
      throw new IllegalStateException();
    }

    @Override
    public float floatValue(int column) {
      throw new IllegalStateException();
    }

    @Override
    public double doubleValue(int column) {
      throw new IllegalStateException();
    }

    @Override
    public BigDecimal decimalValue(int column) {
      throw new IllegalStateException();
    }

    @Override
    public byte[] bytes(int column) {
      throw new IllegalStateException();
    }

    @Override
    public int byteOffset(int column) {
      throw new IllegalStateException();
    }

    @Override
    public int byteLength(int column) {
      throw new IllegalStateException();
    }
  }
}
