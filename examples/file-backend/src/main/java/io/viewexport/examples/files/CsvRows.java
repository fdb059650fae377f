// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes rows as RFC 4180 has it, in UTF-8: fields parted by commas, lines ended by CR LF, quotes
 * where they are needed. NULL is an empty field, the empty text is {@code ""}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CsvRows implements RowWriter {
  private static final byte[] LINE_END = {'\r', '\n'};

  private final CountedOutput out;
  private final List<ColumnType.Kind> kinds;

  /** Begins with the columns' names where that is asked for. */
  CsvRows(OutputStream out, ViewSchema schema, FileTarget.Header header) throws IOException {
    this.out = new CountedOutput(out);
    this.kinds = schema.columns().stream().map(ViewColumn::type).map(ColumnType::kind).toList();
    if (header == FileTarget.Header.PRESENT) {
      writeHeader(schema);
    }
  }

  private void writeHeader(ViewSchema schema) throws IOException {
    for (int column = 0; column < schema.size(); column++) {
      writeComma(column);
      byte[] name = schema.columns().get(column).name().getBytes(StandardCharsets.UTF_8);
      writeText(name, 0, name.length);
    }
    out.write(LINE_END);
  }

  @Override
  public void write(RowCursor row) throws IOException {
    for (int column = 0; column < kinds.size(); column++) {
      writeComma(column);
      if (!row.isNull(column)) {
        writeValue(row, column);
      }
    }
    out.write(LINE_END);
  }

  private void writeComma(int column) throws IOException {
    if (column > 0) {
      out.write(',');
    }
  }

  private void writeValue(RowCursor row, int column) throws IOException {
    switch (kinds.get(column)) {
      case BOOLEAN -> writePlain(Boolean.toString(row.booleanValue(column)));
      case INT -> writePlain(Integer.toString(row.intValue(column)));
      case BIGINT -> writePlain(Long.toString(row.longValue(column)));
      case FLOAT -> writePlain(Float.toString(row.floatValue(column)));
      case DOUBLE -> writePlain(Double.toString(row.doubleValue(column)));
      case DECIMAL -> writePlain(row.decimalValue(column).toPlainString());
      case STRING -> writeText(row.bytes(column), row.byteOffset(column), row.byteLength(column));
      case BINARY -> writeBinary(row, column);
      case DATE -> writePlain(ValueText.day(row, column));
      case TIMESTAMP -> writePlain(ValueText.time(row, column));
    }
  }

  private void writeBinary(RowCursor row, int column) throws IOException {
    byte[] text = ValueText.base64(row, column).getBytes(StandardCharsets.US_ASCII);
    writeText(text, 0, text.length);
  }

  private void writePlain(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void writeText(byte[] bytes, int offset, int length) throws IOException {
    if (!needsQuotes(bytes, offset, length)) {
      out.write(bytes, offset, length);
      return;
    }
    out.write('"');
    int from = offset;
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '"') {
        out.write(bytes, from, at + 1 - from);
        from = at;
      }
    }
    out.write(bytes, from, offset + length - from);
    out.write('"');
  }

  /** The empty text, as it would be NULL; blanks at the ends, as some readers drop them. */
  private static boolean needsQuotes(byte[] bytes, int offset, int length) {
    if (length == 0 || isBlank(bytes[offset]) || isBlank(bytes[offset + length - 1])) {
      return true;
    }
    for (int at = offset; at < offset + length; at++) {
      byte b = bytes[at];
      if (b == ',' || b == '"' || b == '\r' || b == '\n') {
        return true;
      }
    }
    return false;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  @Override
  public long byteCount() {
    return out.count();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
