// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes one view in one short transaction. */
final class ViewDescriber {
  private static final Logger LOG = LoggerFactory.getLogger(ViewDescriber.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration NETWORK_MARGIN = Duration.ofSeconds(10);

  private final PostgresSourceConfig config;
  private final ViewName view;

  ViewDescriber(PostgresSourceConfig config, ViewName view) {
    this.config = config;
    this.view = view;
  }

  DescribedView describe(SourceConnection source) throws SQLException {
    limit(source, config);
    Connection connection = source.connection();
    CatalogRelation relation =
        Catalog.findRelation(connection, view).orElseThrow(() -> refused(missing(connection)));
    if (!relation.hasRows()) {
      throw refused(
          ExportIssue.of("not-a-view", view + " is neither a view nor a table; name one."));
    }
    ViewSchema schema = schema(relation, Catalog.columns(connection, relation));
    Estimate estimate = estimate(connection, relation);
    return new DescribedView(view, schema, estimate.rows, estimate.bytes, sliceKinds(relation));
  }

  /** Begins a transaction that only reads, at the level read committed, and not for long. */
  static void limit(SourceConnection source, PostgresSourceConfig config) throws SQLException {
    long millis = config.describeTimeout().toMillis();
    source.networkTimeout(config.describeTimeout().plus(NETWORK_MARGIN));
    source.run(
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY;"
            + "SET LOCAL statement_timeout = "
            + millis);
  }

  private ViewSchema schema(CatalogRelation relation, List<CatalogColumn> columns) {
    List<ExportIssue> issues = new ArrayList<>();
    if (!relation.schemaUsable() || !columns.stream().allMatch(CatalogColumn::readable)) {
      issues.add(notReadable(relation));
    }
    if (!relation.populated()) {
      issues.add(
          ExportIssue.of(
              "view-not-populated",
              view + " holds no data yet; run REFRESH MATERIALIZED VIEW first."));
    }
    if (columns.isEmpty()) {
      issues.add(ExportIssue.of("no-columns", view + " has no columns; name another view."));
    }
    List<ViewColumn> exported = new ArrayList<>();
    for (CatalogColumn column : columns) {
      Optional<SourceColumn> found = SourceColumn.of(column, config);
      found.ifPresentOrElse(
          known -> exported.add(known.column()), () -> issues.add(unsupported(column)));
    }
    if (!issues.isEmpty()) {
      throw new ExportRefusedException(issues);
    }
    return new ViewSchema(exported);
  }

  private ExportIssue notReadable(CatalogRelation relation) {
    String grant =
        relation.schemaUsable() ? "SELECT on " + view : "USAGE on schema " + view.schema();
    return ExportIssue.of(
        "view-not-readable", "The database user may not read " + view + "; grant " + grant + ".");
  }

  private ExportIssue unsupported(CatalogColumn column) {
    return ExportIssue.of(
        "unsupported-type",
        "Column \""
            + column.name()
            + "\" of "
            + view
            + " has type "
            + column.sourceType()
            + ", which can't be exported; cast it in the view, to text for example.");
  }

  private ExportIssue missing(Connection connection) {
    Catalog.Similar similar;
    try {
      similar = Catalog.similar(connection, view);
    } catch (SQLException e) {
      throw PostgresFailures.translate(e, "View " + view);
    }
    String hint;
    if (similar.otherCase().isPresent()) {
      hint = "there is " + similar.otherCase().get() + ": upper and lower case count.";
    } else if (similar.schemaExists()) {
      hint = "create it, or correct the name.";
    } else {
      hint = "schema " + view.schema() + " does not exist either; correct the name.";
    }
    return ExportIssue.of("view-not-found", "View " + view + " does not exist; " + hint);
  }

  private static ExportRefusedException refused(ExportIssue issue) {
    return new ExportRefusedException(List.of(issue));
  }

  private static Set<SliceKind> sliceKinds(CatalogRelation relation) {
    Set<SliceKind> kinds = EnumSet.of(SliceKind.WHOLE, SliceKind.KEY_HASH);
    if (relation.pageRanges()) {
      kinds.add(SliceKind.PAGE_RANGE);
    }
    return kinds;
  }

  private Estimate estimate(Connection connection, CatalogRelation relation) {
    CatalogRelation.Size size = relation.size();
    if (size.bytes() == 0) {
      return new Estimate(OptionalLong.of(0), OptionalLong.of(0));
    }
    if (size.bytes() > 0 && size.analyzedRows() >= 0 && size.analyzedPages() > 0) {
      double pages = (double) size.bytes() / size.pageBytes();
      double rows = size.analyzedRows() / size.analyzedPages() * pages;
      return new Estimate(OptionalLong.of(Math.round(rows)), OptionalLong.of(size.bytes()));
    }
    return planned(connection);
  }

  /** The planner's guess, without running the view: comes last, since it may fail. */
  private Estimate planned(Connection connection) {
    String explain = "EXPLAIN (FORMAT JSON) SELECT * FROM " + SqlIdentifier.quote(view);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(explain)) {
      rows.next();
      JsonNode plan = JSON.readTree(rows.getString(1)).path(0).path("Plan");
      double count = plan.path("Plan Rows").asDouble(-1);
      if (count < 0) {
        return Estimate.NONE;
      }
      double bytes = count * plan.path("Plan Width").asDouble(0);
      return new Estimate(OptionalLong.of(Math.round(count)), OptionalLong.of(Math.round(bytes)));
    } catch (SQLException e) {
      // A view may fail while it is planned; that it can't be run will be said when it is read.
      LOG.debug("no estimate for {}: SQLSTATE {}", view, PostgresFailures.sqlState(e));
      return Estimate.NONE;
    } catch (JsonProcessingException e) {
      LOG.debug("no estimate for {}: {}", view, e.getClass().getName());
      return Estimate.NONE;
    }
  }

  private record Estimate(OptionalLong rows, OptionalLong bytes) {
    static final Estimate NONE = new Estimate(OptionalLong.empty(), OptionalLong.empty());
  }
}
