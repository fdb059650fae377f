// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes each row as a JSON object with all columns, NULL as {@code null}: numbers as numbers with
 * all their digits, NaN and infinities as the texts {@code NaN}, {@code Infinity}, {@code
 * -Infinity} (JSON has no such numbers, and null would be another value), everything else as text.
 */
final class JsonRows implements RowWriter {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private final CountedOutput out;
  private final JsonGenerator json;
  private final boolean array;
  private final List<SerializedString> names;
  private final List<ColumnType.Kind> kinds;
  private boolean empty = true;

  private JsonRows(CountedOutput out, boolean array, ViewSchema schema) throws IOException {
    this.out = out;
    this.array = array;
    this.names =
        schema.columns().stream().map(column -> new SerializedString(column.name())).toList();
    this.kinds = schema.columns().stream().map(ViewColumn::type).map(ColumnType::kind).toList();
    this.json = JSON.createGenerator(out);
    json.setRootValueSeparator(new SerializedString("\n"));
    if (array) {
      json.writeStartArray();
    }
  }

  /** An object on each line. */
  static JsonRows lines(OutputStream out, ViewSchema schema) throws IOException {
    return new JsonRows(new CountedOutput(out), false, schema);
  }

  /** One array of objects. */
  static JsonRows array(OutputStream out, ViewSchema schema) throws IOException {
    return new JsonRows(new CountedOutput(out), true, schema);
  }

  @Override
  public void write(RowCursor row) throws IOException {
    if (array) {
      json.writeRaw('\n');
    }
    empty = false;
    json.writeStartObject();
    for (int column = 0; column < names.size(); column++) {
      json.writeFieldName(names.get(column));
      if (row.isNull(column)) {
        json.writeNull();
      } else {
        writeValue(row, column);
      }
    }
    json.writeEndObject();
  }

  private void writeValue(RowCursor row, int column) throws IOException {
    switch (kinds.get(column)) {
      case BOOLEAN -> json.writeBoolean(row.booleanValue(column));
      case INT -> json.writeNumber(row.intValue(column));
      case BIGINT -> json.writeNumber(row.longValue(column));
      case FLOAT -> json.writeNumber(row.floatValue(column));
      case DOUBLE -> json.writeNumber(row.doubleValue(column));
      case DECIMAL -> json.writeNumber(row.decimalValue(column));
      case STRING ->
          json.writeUTF8String(row.bytes(column), row.byteOffset(column), row.byteLength(column));
      case BINARY -> json.writeString(ValueText.base64(row, column));
      case DATE -> json.writeString(ValueText.day(row, column));
      case TIMESTAMP -> json.writeString(ValueText.time(row, column));
    }
  }

  @Override
  public long byteCount() {
    return out.count() + json.getOutputBuffered();
  }

  @Override
  public void close() throws IOException {
    if (json.isClosed()) {
      return;
    }
    try (json) {
      if (array) {
        json.writeEndArray();
      }
      if (array || !empty) {
        json.writeRaw('\n');
      }
    }
  }
}
