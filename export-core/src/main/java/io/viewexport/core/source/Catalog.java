// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.view.ViewName;
import io.viewexport.core.source.CatalogColumn.TypeShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code pg_catalog}. */
final class Catalog {
  private static final String RELATION = SqlResource.load("relation");
  private static final String SIMILAR = SqlResource.load("similar");
  private static final String COLUMNS = SqlResource.load("columns");

  private Catalog() {}

  /** The relation of exactly this name. */
  static Optional<CatalogRelation> findRelation(Connection connection, ViewName view)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RELATION)) {
      statement.setString(1, view.schema());
      statement.setString(2, view.name());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(relation(rows)) : Optional.empty();
      }
    }
  }

  /** What there is where {@link #findRelation} found nothing. */
  static Similar similar(Connection connection, ViewName view) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SIMILAR)) {
      statement.setString(1, view.schema());
      statement.setString(2, view.schema());
      statement.setString(3, view.name());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        String schema = rows.getString("nspname");
        return new Similar(
            rows.getBoolean("schema_exists"),
            schema == null
                ? Optional.empty()
                : Optional.of(new ViewName(schema, rows.getString("relname"))));
      }
    }
  }

  /** The relation's columns in their order, without system columns and dropped ones. */
  static List<CatalogColumn> columns(Connection connection, CatalogRelation relation)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setLong(1, relation.oid());
      statement.setLong(2, relation.oid());
      try (ResultSet rows = statement.executeQuery()) {
        List<CatalogColumn> columns = new ArrayList<>();
        while (rows.next()) {
          columns.add(column(rows));
        }
        return columns;
      }
    }
  }

  private static CatalogRelation relation(ResultSet rows) throws SQLException {
    long bytes = rows.getLong("bytes");
    bytes = rows.wasNull() ? -1 : bytes;
    return new CatalogRelation(
        rows.getLong("relation"),
        rows.getString("relkind"),
        rows.getBoolean("populated"),
        rows.getBoolean("pages"),
        rows.getBoolean("schema_usable"),
        new CatalogRelation.Size(
            rows.getDouble("reltuples"),
            rows.getLong("relpages"),
            bytes,
            rows.getLong("block_size")));
  }

  private static CatalogColumn column(ResultSet rows) throws SQLException {
    return new CatalogColumn(
        rows.getString("name"),
        rows.getString("source_type"),
        (int) rows.getLong("base_type"),
        rows.getInt("typmod"),
        shape(rows),
        rows.getBoolean("equals_bytes"),
        rows.getBoolean("readable"));
  }

  private static TypeShape shape(ResultSet rows) throws SQLException {
    if (rows.getBoolean("is_enum")) {
      return TypeShape.ENUM;
    }
    if (rows.getBoolean("is_array")) {
      return TypeShape.ARRAY;
    }
    return rows.getBoolean("is_citext") ? TypeShape.CITEXT : TypeShape.BUILT_IN_OR_OTHER;
  }

  /**
   * What comes near a missing relation.
   *
   * @param schemaExists whether at least the schema is there
   * @param otherCase a relation whose name differs in case alone
   */
  record Similar(boolean schemaExists, Optional<ViewName> otherCase) {}
}
