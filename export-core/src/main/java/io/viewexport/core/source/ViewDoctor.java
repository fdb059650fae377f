// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.ViewAdvice;
import io.viewexport.api.view.ViewName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Looks at a view's plan and catalog for what makes its exports slow or unsafe. */
final class ViewDoctor {
  private static final String UNIQUE = SqlResource.load("unique-columns");
  private static final String VOLATILE = SqlResource.load("volatile-functions");

  /** A name, quoted or not. */
  private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[a-z_][a-z0-9_$]*)";

  private static final Pattern COLUMN = Pattern.compile("(?:" + NAME + "\\.)?" + NAME);
  private static final Pattern UNPACKED = Pattern.compile(NAME + "\\." + NAME + " (?:->|#>)");

  private final Connection connection;
  private final DescribedView view;

  ViewDoctor(Connection connection, DescribedView view) {
    this.connection = connection;
    this.view = view;
  }

  List<ViewAdvice> advise(List<String> key, Optional<String> timestampColumn) throws SQLException {
    List<ViewAdvice> advice = new ArrayList<>();
    QueryPlan plan = QueryPlan.of(connection, select("*"));
    unpackedAgain(plan).ifPresent(advice::add);
    if (plan.hasCorrelatedPart()) {
      advice.add(
          new ViewAdvice(
              "correlated-sub-select",
              "%s runs a sub-select for each of its rows, which also keeps the server from computing"
                      .formatted(view.name())
                  + " columns in parallel; join instead."));
    }
    unproven(key).ifPresent(advice::add);
    timestampColumn.flatMap(this::withoutZone).ifPresent(advice::add);
    volatileFunctions().ifPresent(advice::add);
    return advice;
  }

  private String select(String columns) {
    return "SELECT " + columns + " FROM " + SqlIdentifier.quote(view.name());
  }

  /** A document is decompressed once for each expression that reaches into it. */
  private Optional<ViewAdvice> unpackedAgain(QueryPlan plan) {
    Map<String, ViewName> tables = plan.tables();
    Map<String, Integer> uses = new HashMap<>();
    for (String output : plan.outputs()) {
      Set<String> documents = new HashSet<>();
      Matcher matcher = UNPACKED.matcher(output);
      while (matcher.find()) {
        if (tables.containsKey(bare(matcher.group(1)))) {
          documents.add(matcher.group(1) + "." + matcher.group(2));
        }
      }
      documents.forEach(document -> uses.merge(document, 1, Integer::sum));
    }
    String again =
        uses.entrySet().stream()
            .filter(use -> use.getValue() > 1)
            .map(use -> use.getKey() + " (" + use.getValue() + " times)")
            .sorted()
            .collect(Collectors.joining(", "));
    return again.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ViewAdvice(
                "document-unpacked-per-column",
                "%s unpacks a document once for each column that reaches into it: %s; unpack it once"
                        .formatted(view.name(), again)
                    + " per row, by CROSS JOIN LATERAL (SELECT doc || '{}' AS doc OFFSET 0)."));
  }

  private static String bare(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  /** Whether nothing in the database keeps two rows from having one key. */
  private Optional<ViewAdvice> unproven(List<String> key) throws SQLException {
    if (!key.stream().allMatch(column -> view.schema().find(column).isPresent())) {
      return Optional.empty();
    }
    String columns = key.stream().map(SqlIdentifier::quote).collect(Collectors.joining(", "));
    QueryPlan plan = QueryPlan.of(connection, select(columns));
    Map<String, ViewName> tables = plan.tables();
    Set<Optional<ViewName>> from = new HashSet<>();
    Set<String> names = new TreeSet<>();
    for (String output : plan.output()) {
      Matcher column = COLUMN.matcher(output);
      boolean plain = column.matches();
      from.add(plain ? table(tables, Optional.ofNullable(column.group(1))) : Optional.empty());
      names.add(plain ? bare(column.group(2)) : output);
    }
    Optional<ViewName> only = from.size() == 1 ? from.iterator().next() : Optional.empty();
    if (only.isPresent() && isUnique(only.get(), names)) {
      return Optional.empty();
    }
    return Optional.of(
        new ViewAdvice(
            "key-not-proven-unique",
            "No primary key or unique index stands behind the merge key (%s) of %s; a key that occurs"
                    .formatted(String.join(", ", key), view.name())
                + " twice fails the export, in every mode but replace."));
  }

  /** Where there is only one table, its name is left out. */
  private static Optional<ViewName> table(Map<String, ViewName> tables, Optional<String> alias) {
    return alias.isEmpty()
        ? tables.values().stream().filter(any -> tables.size() == 1).findFirst()
        : Optional.ofNullable(tables.get(bare(alias.get())));
  }

  private boolean isUnique(ViewName table, Set<String> columns) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UNIQUE)) {
      Array names = connection.createArrayOf("text", columns.toArray());
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      statement.setArray(3, names);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    }
  }

  private Optional<ViewAdvice> withoutZone(String column) {
    return view.schema()
        .find(column)
        .filter(found -> found.sourceType().contains("without time zone"))
        .map(
            found ->
                new ViewAdvice(
                    "timestamp-without-zone",
                    ("Column \"%s\" of %s has no time zone and is taken as UTC: local times would"
                            + " make an incremental export miss rows; make it timestamptz.")
                        .formatted(column, view.name())));
  }

  private Optional<ViewAdvice> volatileFunctions() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(VOLATILE)) {
      statement.setString(1, view.name().schema());
      statement.setString(2, view.name().name());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        String names = rows.getString(1);
        return names == null
            ? Optional.empty()
            : Optional.of(
                new ViewAdvice(
                    "volatile-view",
                    ("%s calls %s, which may give something else each time: chunks, retries and"
                            + " later exports won't agree; take it out.")
                        .formatted(view.name(), names)));
      }
    }
  }
}
