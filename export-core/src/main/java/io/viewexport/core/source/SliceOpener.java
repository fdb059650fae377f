// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.ExportException;
import io.viewexport.api.StopSignal;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.source.SourceColumn.Wire;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postgresql.copy.CopyOut;

/** Opens one slice: settings, a look whether the view is still as described, then the COPY. */
final class SliceOpener {
  private final PostgresSourceConfig config;
  private final SliceRequest request;

  SliceOpener(PostgresSourceConfig config, SliceRequest request) {
    this.config = config;
    this.request = request;
    checkRequest(request);
  }

  private static void checkRequest(SliceRequest request) {
    if (request.slice() instanceof ViewSlice.PageRange && request.snapshot().isEmpty()) {
      throw new IllegalArgumentException("page ranges need a shared snapshot");
    }
    request.snapshot().ifPresent(ExportedSnapshot::check);
    request.key().forEach(column -> checkColumn(request, column));
    request.timestampColumn().ifPresent(column -> checkColumn(request, column));
    if (request.filters().limitsPatients()) {
      request.patientColumn().ifPresent(column -> checkColumn(request, column));
    }
  }

  private static void checkColumn(SliceRequest request, String column) {
    if (request.schema().find(column).isEmpty()) {
      throw new IllegalArgumentException(request.view() + " has no column \"" + column + "\"");
    }
  }

  /** Opens the slice; the connection then belongs to the cursor. */
  CopyRowCursor open(SourceConnection source, QueryCancel cancel, StopSignal stop)
      throws SQLException {
    source.networkTimeout(Duration.ZERO);
    source.run(SourceSettings.of(source.connection(), config));
    if (request.snapshot().isPresent()) {
      ExportedSnapshot.use(source, request.snapshot().get(), request.view());
    }
    stop.throwIfStopped();
    // Takes the lock under which the view keeps its columns until the transaction's end.
    source.run("SELECT FROM " + SqlIdentifier.quote(request.view()) + " LIMIT 0");
    if (request.snapshot().isPresent()) {
      ExportedSnapshot.checkHeld(source.connection(), request.snapshot().get(), request.view());
    }
    stop.throwIfStopped();
    Map<String, SourceColumn> columns = verifiedColumns(source.connection());
    bindFilters(source.connection());
    stop.throwIfStopped();
    CopyOut copy = source.driver().getCopyAPI().copyOut(CopyStatement.render(request, columns));
    List<Wire> wires =
        request.schema().columns().stream()
            .map(column -> Objects.requireNonNull(columns.get(column.name())).wire())
            .toList();
    return new CopyRowCursor(
        new CopyRowCursor.RowShape(request.view(), request.schema(), wires, config.outOfRange()),
        source,
        cancel,
        copy);
  }

  private void bindFilters(Connection connection) throws SQLException {
    ViewFilters filters = request.filters();
    if (filters.since().isPresent()) {
      String since = CopyStatement.settingOf(filters.since().get());
      bind(connection, CopyStatement.SINCE_SETTING, since);
    }
    if (filters.limitsPatients()) {
      String patients = CopyStatement.settingOf(filters.patients());
      bind(connection, CopyStatement.PATIENTS_SETTING, patients);
    }
  }

  /** What is set is not sent back: it may be long. */
  private static void bind(Connection connection, String setting, String value)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.set_config(?, ?, true) IS NULL")) {
      statement.setString(1, setting);
      statement.setString(2, value);
      statement.execute();
    }
  }

  private Map<String, SourceColumn> verifiedColumns(Connection connection) throws SQLException {
    ViewName view = request.view();
    CatalogRelation relation =
        Catalog.findRelation(connection, view)
            .filter(CatalogRelation::hasRows)
            .orElseThrow(
                () ->
                    ExportException.permanent(
                        "view-gone", "View " + view + " does not exist any more.", null));
    if (request.slice() instanceof ViewSlice.PageRange && !relation.pageRanges()) {
      throw changed("is not a table any more");
    }
    Map<String, SourceColumn> columns = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    for (CatalogColumn column : Catalog.columns(connection, relation)) {
      names.add(column.name());
      SourceColumn.of(column, config).ifPresent(found -> columns.put(column.name(), found));
    }
    for (ViewColumn described : request.schema().columns()) {
      SourceColumn now = columns.get(described.name());
      Optional<SourceColumn> asPlanned = now == null ? Optional.empty() : now.as(described.type());
      checkUnchanged(described, asPlanned, names);
      asPlanned.ifPresent(column -> columns.put(described.name(), column));
    }
    for (String name : names) {
      if (request.schema().find(name).isEmpty()) {
        throw changed("has a new column \"" + name + "\"");
      }
    }
    return columns;
  }

  private void checkUnchanged(ViewColumn described, Optional<SourceColumn> now, Set<String> names) {
    if (!names.contains(described.name())) {
      throw changed("has lost column \"" + described.name() + "\"");
    }
    if (now.isEmpty()) {
      throw changed("has another type in column \"" + described.name() + "\"");
    }
  }

  private ExportException changed(String how) {
    return ExportException.permanent(
        "view-changed",
        "View " + request.view() + " " + how + " since the export was planned; start a new export.",
        null);
  }
}
