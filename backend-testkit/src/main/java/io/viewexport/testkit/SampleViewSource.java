// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.StopSignal;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSource;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Views in memory, for running the engine without a database. It cuts views whole and by key hash
 * and applies every filter. Safe for use by many threads.
 */
public final class SampleViewSource implements ViewSource {
  private final Map<ViewName, SampleRows> views = new ConcurrentHashMap<>();

  /** Without views. */
  public SampleViewSource() {}

  /**
   * Adds a view, or changes the rows, and even the columns, of one that is there.
   *
   * @param view the relation
   * @param rows what it holds; cursors that are open keep what they had
   * @return this source
   */
  public SampleViewSource put(ViewName view, SampleRows rows) {
    views.put(view, rows);
    return this;
  }

  /**
   * Drops a view; what has been opened goes on.
   *
   * @param view the relation
   */
  public void drop(ViewName view) {
    views.remove(view);
  }

  @Override
  public DescribedView describeView(ViewName view) {
    SampleRows rows = views.get(view);
    if (rows == null) {
      throw new ExportRefusedException(
          List.of(ExportIssue.of("view-not-found", "There is no view " + view + ".")));
    }
    return new DescribedView(
        view,
        rows.schema(),
        OptionalLong.of(rows.size()),
        OptionalLong.empty(),
        Set.of(SliceKind.WHOLE, SliceKind.KEY_HASH));
  }

  @Override
  public RowCursor openSlice(SliceRequest request, StopSignal stop) {
    SampleRows rows = views.get(request.view());
    if (rows == null) {
      throw ExportException.permanent(
          "view-gone", "The view " + request.view() + " is not there any more.", null);
    }
    if (!rows.schema().equals(request.schema())) {
      throw ExportException.permanent(
          "view-changed", "The columns of " + request.view() + " have changed.", null);
    }
    return ofPatients(since(rows, request), request)
        .slice(request.slice(), request.key())
        .open(stop);
  }

  private static SampleRows ofPatients(SampleRows rows, SliceRequest request) {
    if (!request.filters().limitsPatients()) {
      return rows;
    }
    Set<String> wanted = Set.copyOf(request.filters().patients());
    int column = rows.indexOf(request.patientColumn().orElseThrow());
    return rows.where(
        row -> row.get(column) != null && wanted.contains(String.valueOf(row.get(column))));
  }

  private static SampleRows since(SampleRows rows, SliceRequest request) {
    if (request.filters().since().isEmpty()) {
      return rows;
    }
    Instant since = request.filters().since().get();
    int column = rows.indexOf(request.timestampColumn().orElseThrow());
    return rows.where(row -> notBefore(row.get(column), since));
  }

  private static boolean notBefore(@Nullable Object value, Instant since) {
    if (value instanceof LocalDate day) {
      return !day.atStartOfDay().toInstant(ZoneOffset.UTC).isBefore(since);
    }
    return value instanceof Instant instant && !instant.isBefore(since);
  }
}
