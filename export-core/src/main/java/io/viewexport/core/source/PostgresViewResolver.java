// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.view.ResolvedView;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewReference;
import io.viewexport.api.view.ViewResolver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * ViewDefinitions in a table of a PostgreSQL with the columns {@code id} (text) and {@code
 * resource} (json or jsonb), each materialised to the relation {@code sof.<name>}. Safe for use by
 * many threads.
 */
public final class PostgresViewResolver implements ViewResolver {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final DataSource dataSource;
  private final ViewName table;
  private final String schema;

  private PostgresViewResolver(DataSource dataSource, ViewName table, String schema) {
    this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    this.table = Objects.requireNonNull(table, "table");
    this.schema = Objects.requireNonNull(schema, "schema");
  }

  /**
   * The definitions of a table, with relations in the schema {@code sof}.
   *
   * @param table such as {@code public.viewdefinition}
   */
  public static PostgresViewResolver create(DataSource dataSource, ViewName table) {
    return create(dataSource, table, "sof");
  }

  /** The definitions of a table, with relations in a schema. */
  public static PostgresViewResolver create(DataSource dataSource, ViewName table, String schema) {
    return new PostgresViewResolver(dataSource, table, schema);
  }

  @Override
  public Optional<ResolvedView> resolve(ViewReference reference, Optional<String> principal) {
    StoredDefinition.refuseInline(reference);
    try {
      SourceConnection source = SourceConnection.borrow(dataSource);
      try {
        return find(source, reference).stream()
            .filter(definition -> definition.isMeant(reference))
            .max(StoredDefinition.OLDEST_FIRST)
            .map(definition -> definition.view(schema));
      } finally {
        source.giveBack();
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate(e, "Table " + table);
    }
  }

  private List<StoredDefinition> find(SourceConnection source, ViewReference reference)
      throws SQLException {
    source.networkTimeout(TIMEOUT.multipliedBy(2));
    source.run("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = " + TIMEOUT.toMillis());
    boolean byId = reference instanceof ViewReference.ById;
    String wanted =
        reference instanceof ViewReference.ById id
            ? id.id()
            : ((ViewReference.ByCanonical) reference).url();
    String sql =
        "SELECT id::text, resource::text FROM "
            + SqlIdentifier.quote(table)
            + (byId ? " WHERE id::text = ?" : " WHERE resource ->> 'url' = ?");
    List<StoredDefinition> found = new ArrayList<>();
    try (PreparedStatement statement = source.connection().prepareStatement(sql)) {
      statement.setString(1, wanted);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          StoredDefinition.read(rows.getString(1), rows.getString(2), why -> {})
              .ifPresent(found::add);
        }
      }
    }
    return found;
  }
}
