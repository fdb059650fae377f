// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.SampleRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/** Reads files as their users do: by Jackson, Commons CSV, parquet-mr, none of it ours. */
final class ReadOutput {
  private static final JsonFactory JSON = new JsonFactory();

  private static final CSVFormat CSV =
      CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setNullString("")
          .setQuoteMode(QuoteMode.ALL_NON_NULL)
          .get();

  private ReadOutput() {}

  /** The part files of a folder, by name. */
  static List<Path> parts(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of all part files of a folder. */
  static SampleRows rows(Path folder, ViewSchema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try {
      for (Path file : parts(folder)) {
        read(file, schema, rows);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SampleRows(schema, rows);
  }

  private static void read(Path file, ViewSchema schema, List<List<@Nullable Object>> rows)
      throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(".parquet")) {
      readParquet(file, schema, rows);
      return;
    }
    try (InputStream plain = Files.newInputStream(file);
        InputStream in = name.endsWith(".gz") ? new GZIPInputStream(plain) : plain) {
      if (name.contains(".csv")) {
        readCsv(in, schema, rows);
      } else {
        readJson(in, schema, rows);
      }
    }
  }

  /** The text of each value as it stands, as a number read as one loses the sign of zero. */
  private static void readJson(InputStream in, ViewSchema schema, List<List<@Nullable Object>> rows)
      throws IOException {
    try (JsonParser json = JSON.createParser(in)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          rows.add(readObject(json, schema));
        }
      }
    }
  }

  private static List<@Nullable Object> readObject(JsonParser json, ViewSchema schema)
      throws IOException {
    List<@Nullable Object> row = new ArrayList<>(Collections.nCopies(schema.size(), null));
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      OptionalInt column = schema.indexOf(json.currentName());
      JsonToken token = json.nextToken();
      if (column.isPresent() && token != JsonToken.VALUE_NULL) {
        ColumnType type = schema.columns().get(column.getAsInt()).type();
        row.set(column.getAsInt(), ofText(requireForm(type, token), json.getText()));
      }
    }
    return row;
  }

  private static ColumnType requireForm(ColumnType type, JsonToken token) {
    boolean right =
        switch (type.kind()) {
          case BOOLEAN -> token.isBoolean();
          case INT, BIGINT, DECIMAL -> token.isNumeric();
          case FLOAT, DOUBLE -> token.isScalarValue() && !token.isBoolean();
          default -> token == JsonToken.VALUE_STRING;
        };
    if (!right) {
      throw new AssertionError("a " + type + " as " + token);
    }
    return type;
  }

  private static void readCsv(InputStream in, ViewSchema schema, List<List<@Nullable Object>> rows)
      throws IOException {
    try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
        CSVParser parser = CSVParser.parse(reader, CSV)) {
      for (CSVRecord record : parser) {
        List<@Nullable Object> row = new ArrayList<>();
        for (ViewColumn column : schema.columns()) {
          String text = record.isMapped(column.name()) ? record.get(column.name()) : null;
          row.add(text == null ? null : ofText(column.type(), text));
        }
        rows.add(row);
      }
    }
  }

  private static Object ofText(ColumnType type, String text) {
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.valueOf(text);
      case INT -> Integer.valueOf(text);
      case BIGINT -> Long.valueOf(text);
      case FLOAT -> Float.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      case DECIMAL -> new BigDecimal(text).setScale(type.scale());
      case STRING -> text;
      case BINARY -> ByteBuffer.wrap(Base64.getDecoder().decode(text));
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> Instant.parse(text);
    };
  }

  private static void readParquet(Path file, ViewSchema schema, List<List<@Nullable Object>> rows)
      throws IOException {
    try (ParquetReader<Group> reader = new Groups(file).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (ViewColumn column : schema.columns()) {
          boolean there =
              group.getType().containsField(column.name())
                  && group.getFieldRepetitionCount(column.name()) > 0;
          row.add(there ? ofGroup(group, column) : null);
        }
        rows.add(row);
      }
    }
  }

  private static Object ofGroup(Group group, ViewColumn column) {
    String name = column.name();
    return switch (column.type().kind()) {
      case BOOLEAN -> group.getBoolean(name, 0);
      case INT -> group.getInteger(name, 0);
      case BIGINT -> group.getLong(name, 0);
      case FLOAT -> group.getFloat(name, 0);
      case DOUBLE -> group.getDouble(name, 0);
      case DECIMAL ->
          column.type().precision() <= 18
              ? BigDecimal.valueOf(group.getLong(name, 0), column.type().scale())
              : new BigDecimal(
                  new BigInteger(group.getBinary(name, 0).getBytes()), column.type().scale());
      case STRING -> group.getBinary(name, 0).toStringUsingUTF8();
      case BINARY -> ByteBuffer.wrap(group.getBinary(name, 0).getBytes());
      case DATE -> LocalDate.ofEpochDay(group.getInteger(name, 0));
      case TIMESTAMP -> {
        long micros = group.getLong(name, 0);
        yield Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      }
    };
  }

  /** Reads the file's own columns, whatever is asked for. */
  private static final class Groups extends ParquetReader.Builder<Group> {
    Groups(Path file) {
      super(new LocalInputFile(file));
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport() {
        @Override
        public ReadContext init(InitContext context) {
          return new ReadContext(context.getFileSchema());
        }
      };
    }
  }
}
