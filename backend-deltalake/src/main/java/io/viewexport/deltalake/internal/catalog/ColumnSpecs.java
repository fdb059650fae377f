// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.deltalake.internal.schema.LakeSchema;

/**
 * How Unity Catalog is told the columns of a table. It checks nothing of it, and a table with a
 * wrong one can't be read.
 */
final class ColumnSpecs {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ColumnSpecs() {}

  static ArrayNode of(LakeSchema schema) {
    ArrayNode specs = JSON.arrayNode();
    for (ViewColumn column : schema.columns()) {
      ColumnType type = column.type();
      ObjectNode spec = specs.addObject();
      spec.put("name", column.name());
      spec.put("type_text", typeText(type));
      spec.put("type_name", typeName(type));
      spec.put("type_json", field(column).toString());
      if (type.kind() == ColumnType.Kind.DECIMAL) {
        spec.put("type_precision", type.precision());
        spec.put("type_scale", type.scale());
      }
      spec.put("position", specs.size() - 1);
      spec.put("nullable", true);
    }
    return specs;
  }

  /** The column as a field of a Spark schema. */
  private static ObjectNode field(ViewColumn column) {
    ObjectNode field = JSON.objectNode();
    field.put("name", column.name());
    field.put("type", sparkType(column.type()));
    field.put("nullable", true);
    field.putObject("metadata");
    return field;
  }

  private static String sparkType(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "boolean";
      case INT -> "integer";
      case BIGINT -> "long";
      case FLOAT -> "float";
      case DOUBLE -> "double";
      case DECIMAL -> decimal(type);
      case STRING -> "string";
      case BINARY -> "binary";
      case DATE -> "date";
      case TIMESTAMP -> "timestamp";
    };
  }

  private static String typeText(ColumnType type) {
    return switch (type.kind()) {
      case INT -> "int";
      case BIGINT -> "bigint";
      case BOOLEAN, FLOAT, DOUBLE, DECIMAL, STRING, BINARY, DATE, TIMESTAMP -> sparkType(type);
    };
  }

  private static String typeName(ColumnType type) {
    return type.kind() == ColumnType.Kind.BIGINT ? "LONG" : type.kind().name();
  }

  private static String decimal(ColumnType type) {
    return "decimal(" + type.precision() + "," + type.scale() + ")";
  }
}
