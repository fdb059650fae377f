// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes rows as Parquet, by parquet-mr, a row group in memory. */
final class ParquetRows implements RowWriter {
  private final ParquetWriter<RowCursor> writer;

  ParquetRows(
      OutputStream out, ViewSchema schema, FileFormat.Compression compression, long rowGroupBytes)
      throws IOException {
    writer =
        new Builder(new StreamFile(out), schema)
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(codec(compression))
            .withRowGroupSize(rowGroupBytes)
            .build();
  }

  private static CompressionCodecName codec(FileFormat.Compression compression) {
    return switch (compression) {
      case NONE -> CompressionCodecName.UNCOMPRESSED;
      case GZIP -> CompressionCodecName.GZIP;
      case ZSTD -> CompressionCodecName.ZSTD;
      case SNAPPY -> CompressionCodecName.SNAPPY;
    };
  }

  @Override
  public void write(RowCursor row) throws IOException {
    writer.write(row);
  }

  @Override
  public long byteCount() {
    return writer.getDataSize();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<RowCursor, Builder> {
    private final ViewSchema schema;

    Builder(OutputFile file, ViewSchema schema) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // Abstract; Parquet calls the other.
    protected WriteSupport<RowCursor> getWriteSupport(Configuration conf) {
      return new Rows(schema);
    }

    @Override
    protected WriteSupport<RowCursor> getWriteSupport(ParquetConfiguration conf) {
      return new Rows(schema);
    }
  }

  /** Hands a row's values to parquet-mr, column by column. */
  private static final class Rows extends WriteSupport<RowCursor> {
    private final ViewSchema schema;
    private final List<ColumnType> types;
    private RecordConsumer consumer;

    @SuppressWarnings("NullAway.Init") // Parquet calls prepareForWrite before the first row.
    Rows(ViewSchema schema) {
      this.schema = schema;
      this.types = schema.columns().stream().map(ViewColumn::type).toList();
    }

    @Override
    @SuppressWarnings("deprecation") // Abstract; Parquet calls the other.
    public WriteContext init(Configuration configuration) {
      return new WriteContext(ParquetSchema.of(schema), Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(ParquetSchema.of(schema), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(RowCursor row) {
      consumer.startMessage();
      for (int column = 0; column < types.size(); column++) {
        if (!row.isNull(column)) {
          String name = schema.columns().get(column).name();
          consumer.startField(name, column);
          writeValue(row, column);
          consumer.endField(name, column);
        }
      }
      consumer.endMessage();
    }

    private void writeValue(RowCursor row, int column) {
      switch (types.get(column).kind()) {
        case BOOLEAN -> consumer.addBoolean(row.booleanValue(column));
        case INT, DATE -> consumer.addInteger(row.intValue(column));
        case BIGINT, TIMESTAMP -> consumer.addLong(row.longValue(column));
        case FLOAT -> consumer.addFloat(row.floatValue(column));
        case DOUBLE -> consumer.addDouble(row.doubleValue(column));
        case DECIMAL -> writeDecimal(row, column);
        case STRING, BINARY ->
            consumer.addBinary(
                Binary.fromReusedByteArray(
                    row.bytes(column), row.byteOffset(column), row.byteLength(column)));
      }
    }

    private void writeDecimal(RowCursor row, int column) {
      ColumnType type = types.get(column);
      if (ParquetSchema.fitsLong(type)) {
        consumer.addLong(row.longValue(column));
        return;
      }
      byte[] digits = row.decimalValue(column).unscaledValue().toByteArray();
      byte[] fixed = new byte[ParquetSchema.decimalBytes(type)];
      if (digits[0] < 0) {
        Arrays.fill(fixed, (byte) -1);
      }
      System.arraycopy(digits, 0, fixed, fixed.length - digits.length, digits.length);
      consumer.addBinary(Binary.fromConstantByteArray(fixed));
    }
  }

  /** A stream as the file that Parquet wants. */
  private record StreamFile(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      CountedOutput counted = new CountedOutput(out);
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return counted.count();
        }

        @Override
        public void write(int value) throws IOException {
          counted.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          counted.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
          counted.flush();
        }

        @Override
        public void close() throws IOException {
          counted.close();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
