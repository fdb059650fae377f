// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.ExportException;
import io.viewexport.api.StopSignal;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SharedSnapshot;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewAdvice;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSource;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Views, tables and materialised views of a PostgreSQL, streamed by binary COPY.
 *
 * <p>An open cursor holds one connection of the data source, in a transaction that only reads, and
 * gives it back in the state in which it came. The connections may come out of a pool; they must
 * unwrap to {@link org.postgresql.PGConnection}. Nothing is set on them beyond the transaction.
 *
 * <p>Safe for use by many threads.
 */
public final class PostgresViewSource implements ViewSource {
  private final DataSource dataSource;
  private final PostgresSourceConfig config;

  private PostgresViewSource(DataSource dataSource, PostgresSourceConfig config) {
    this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    this.config = Objects.requireNonNull(config, "config");
  }

  /** A source with the default settings; the host closes the data source. */
  public static PostgresViewSource create(DataSource dataSource) {
    return create(dataSource, PostgresSourceConfig.DEFAULT);
  }

  /** A source; the host closes the data source. */
  public static PostgresViewSource create(DataSource dataSource, PostgresSourceConfig config) {
    return new PostgresViewSource(dataSource, config);
  }

  @Override
  public DescribedView describeView(ViewName view) {
    SourceConnection source = borrow(view);
    try {
      return new ViewDescriber(config, view).describe(source);
    } catch (SQLException e) {
      throw PostgresFailures.translate(e, "View " + view);
    } finally {
      source.giveBack();
    }
  }

  @Override
  public List<ViewAdvice> adviseOn(
      ViewName view, List<String> key, Optional<String> timestampColumn) {
    DescribedView described = describeView(view);
    SourceConnection source = borrow(view);
    try {
      ViewDescriber.limit(source, config);
      return new ViewDoctor(source.connection(), described).advise(key, timestampColumn);
    } catch (SQLException e) {
      throw PostgresFailures.translate(e, "View " + view);
    } finally {
      source.giveBack();
    }
  }

  @Override
  public NextSince nextSince(ViewName view) {
    SourceConnection source = borrow(view);
    try {
      ViewDescriber.limit(source, config);
      return OpenTransactions.find(source.connection(), view);
    } catch (SQLException e) {
      throw PostgresFailures.translate(e, "View " + view);
    } finally {
      source.giveBack();
    }
  }

  @Override
  public boolean sharesSnapshots() {
    return true;
  }

  @Override
  public SharedSnapshot openSnapshot(List<ViewName> views) {
    SourceConnection source = borrow(views.get(0));
    boolean opened = false;
    try {
      SharedSnapshot snapshot = ExportedSnapshot.open(source, config, views);
      opened = true;
      return snapshot;
    } catch (SQLException e) {
      throw PostgresFailures.translate(e, "A snapshot of view " + views.get(0));
    } finally {
      if (!opened) {
        source.giveBack();
      }
    }
  }

  @Override
  public RowCursor openSlice(SliceRequest request, StopSignal stop) {
    SliceOpener opener = new SliceOpener(config, request);
    stop.throwIfStopped();
    SourceConnection source = borrow(request.view());
    QueryCancel cancel;
    try {
      cancel = QueryCancel.watch(stop, source);
    } catch (SQLException e) {
      source.giveBack();
      throw ExportException.permanent(
          "source-not-postgresql",
          "The data source's connections do not unwrap to the PostgreSQL driver's.",
          e);
    }
    boolean opened = false;
    try {
      RowCursor rows = opener.open(source, cancel, stop);
      opened = true;
      return rows;
    } catch (SQLException e) {
      stop.throwIfStopped();
      throw PostgresFailures.translate(e, "View " + request.view());
    } finally {
      if (!opened) {
        cancel.end();
        source.giveBack();
      }
    }
  }

  private SourceConnection borrow(ViewName view) {
    try {
      return SourceConnection.borrow(dataSource);
    } catch (SQLException e) {
      throw PostgresFailures.translate(e, "View " + view);
    }
  }
}
