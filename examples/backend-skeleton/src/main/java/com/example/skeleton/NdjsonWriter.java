// SPDX-License-Identifier: Apache-2.0
package com.example.skeleton;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** Writes rows as JSON objects, one on each line. */
final class NdjsonWriter implements AutoCloseable {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private final JsonGenerator json;
  private final ViewSchema schema;

  NdjsonWriter(OutputStream out, ViewSchema schema) throws IOException {
    this.json = JSON.createGenerator(out);
    this.schema = schema;
    json.setRootValueSeparator(new SerializedString(""));
  }

  void write(RowCursor row) throws IOException {
    json.writeStartObject();
    for (int column = 0; column < schema.size(); column++) {
      ViewColumn named = schema.columns().get(column);
      json.writeFieldName(named.name());
      if (row.isNull(column)) {
        json.writeNull();
        continue;
      }
      switch (named.type().kind()) {
        case BOOLEAN -> json.writeBoolean(row.booleanValue(column));
        case INT -> json.writeNumber(row.intValue(column));
        case BIGINT -> json.writeNumber(row.longValue(column));
        case FLOAT -> json.writeNumber(row.floatValue(column));
        case DOUBLE -> json.writeNumber(row.doubleValue(column));
        case DECIMAL -> json.writeNumber(row.decimalValue(column));
        case STRING ->
            json.writeUTF8String(row.bytes(column), row.byteOffset(column), row.byteLength(column));
        case BINARY ->
            json.writeBinary(row.bytes(column), row.byteOffset(column), row.byteLength(column));
        case DATE -> json.writeString(LocalDate.ofEpochDay(row.intValue(column)).toString());
        case TIMESTAMP ->
            json.writeString(
                Instant.EPOCH.plus(row.longValue(column), ChronoUnit.MICROS).toString());
      }
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  void flush() throws IOException {
    json.flush();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
