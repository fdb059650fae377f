// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.deltalake.oracle.SqlResult;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the APIs name types and write values. */
final class SqlTypes {

  private SqlTypes() {}

  /** A column of a table as the catalog describes it. */
  static ObjectNode column(SqlResult.Column column, int position) {
    ObjectNode field = ApiRequest.JSON.createObjectNode();
    field.put("name", column.name());
    try {
      field.set("type", ApiRequest.JSON.readTree(column.typeJson()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    field.put("nullable", column.nullable()).putObject("metadata");
    return ApiRequest.JSON
        .createObjectNode()
        .put("name", column.name())
        .put("type_text", column.type().toLowerCase(Locale.ROOT))
        .put("type_name", typeName(column.type()))
        .put("type_json", field.toString())
        .put("position", position)
        .put("nullable", column.nullable());
  }

  /** A column of a statement's result. */
  static ObjectNode resultColumn(SqlResult.Column column, int position) {
    return ApiRequest.JSON
        .createObjectNode()
        .put("name", column.name())
        .put("type_text", column.type())
        .put("type_name", typeName(column.type()))
        .put("position", position);
  }

  private static String typeName(String type) {
    String head = type.replaceFirst("[(<].*", "");
    return switch (head) {
      case "BIGINT" -> "LONG";
      case "SMALLINT" -> "SHORT";
      case "TINYINT" -> "BYTE";
      case "VOID" -> "NULL";
      default -> head;
    };
  }

  /** A cell as the results of statements write it. */
  static @Nullable String cell(SqlResult.Column column, @Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (column.type()) {
      case "TIMESTAMP" -> text.replace(' ', 'T') + "Z";
      case "BINARY" -> Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text));
      default -> text;
    };
  }
}
