// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import static io.viewexport.deltalake.testing.TestRows.row;
import static io.viewexport.deltalake.testing.TestRows.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.parquet.RowFileWriter.WrittenFile;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.testing.TestRows;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowFileWriterTest {
  private static final ViewSchema ALL =
      schema(
          "flag", ColumnType.BOOLEAN,
          "i", ColumnType.INT,
          "l", ColumnType.BIGINT,
          "f", ColumnType.FLOAT,
          "d", ColumnType.DOUBLE,
          "d9", ColumnType.decimal(9, 2),
          "d18", ColumnType.decimal(18, 0),
          "d38", ColumnType.decimal(38, 10),
          "s", ColumnType.STRING,
          "b", ColumnType.BINARY,
          "day", ColumnType.DATE,
          "ts", ColumnType.TIMESTAMP);

  private final Path directory;

  RowFileWriterTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Reads values back by parquet-mr's own record reader, checking the pages' checksums. */
  private List<List<@Nullable Object>> read(ViewSchema schema, WrittenFile file)
      throws IOException {
    InputFile input = storage().parquetInput(directory.toRealPath() + "/f.parquet", file.bytes());
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .usePageChecksumVerification(true)
            .build();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (ParquetFileReader reader = ParquetFileReader.open(input, options)) {
      var message = reader.getFileMetaData().getSchema();
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        RecordReader<Group> records =
            new ColumnIOFactory()
                .getColumnIO(message)
                .getRecordReader(group, new GroupRecordConverter(message));
        for (long i = 0; i < group.getRowCount(); i++) {
          rows.add(values(schema, records.read()));
        }
      }
    }
    return rows;
  }

  private static List<@Nullable Object> values(ViewSchema schema, Group group) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      values.add(
          group.getFieldRepetitionCount(i) == 0
              ? null
              : value(schema.columns().get(i).type(), group, i));
    }
    return values;
  }

  private static Object value(ColumnType type, Group group, int i) {
    return switch (type.kind()) {
      case BOOLEAN -> group.getBoolean(i, 0);
      case INT, DATE -> group.getInteger(i, 0);
      case BIGINT, TIMESTAMP -> group.getLong(i, 0);
      case FLOAT -> group.getFloat(i, 0);
      case DOUBLE -> group.getDouble(i, 0);
      case STRING -> group.getString(i, 0);
      case BINARY -> new String(group.getBinary(i, 0).getBytes(), StandardCharsets.ISO_8859_1);
      case DECIMAL -> {
        BigInteger unscaled =
            type.precision() <= 9
                ? BigInteger.valueOf(group.getInteger(i, 0))
                : type.precision() <= 18
                    ? BigInteger.valueOf(group.getLong(i, 0))
                    : new BigInteger(group.getBinary(i, 0).getBytes());
        yield new BigDecimal(unscaled, type.scale());
      }
    };
  }

  private LakeStorage storage() throws IOException {
    return LocalStorage.create(List.of(directory.toRealPath().getParent()), Map.of());
  }

  private WrittenFile write(ViewSchema schema, PageCompression how, long group, TestRows rows)
      throws IOException {
    var settings = new RowFileSettings(how, group, Set.of());
    try (RowFileWriter writer = new RowFileWriter(LakeSchema.of(schema), settings)) {
      writer.open(storage().parquetOutput(directory.toRealPath() + "/f.parquet"));
      while (writer.write(rows, 777)) {}
      return writer.finish().orElseThrow();
    }
  }

  private static Object random(ColumnType type, Random random) {
    boolean edge = random.nextInt(10) == 0;
    return switch (type.kind()) {
      case BOOLEAN -> random.nextInt(10) > 0;
      case INT -> edge ? Integer.MIN_VALUE : random.nextInt();
      case DATE -> edge ? -719162 : random.nextInt(2932896);
      case BIGINT -> edge ? Long.MIN_VALUE : random.nextLong();
      case TIMESTAMP -> edge ? -62135596800000000L : random.nextLong(253402300799999999L);
      case FLOAT -> edge ? Float.NEGATIVE_INFINITY : (float) random.nextGaussian();
      case DOUBLE -> edge ? -0.0 : random.nextGaussian();
      case STRING ->
          edge
              ? ""
              : random.nextInt(3) == 0 ? "few " + random.nextInt(5) : "é𝒳" + random.nextLong();
      case BINARY -> {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case DECIMAL -> {
        BigInteger most = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
        BigInteger unscaled = edge ? most.negate() : new BigInteger(most.bitLength() - 1, random);
        yield new BigDecimal(unscaled, type.scale());
      }
    };
  }

  private static List<@Nullable Object> comparable(@Nullable Object[] row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Object value : row) {
      values.add(
          value instanceof byte[] bytes ? new String(bytes, StandardCharsets.ISO_8859_1) : value);
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadByParquetOfEveryTypeWithNulls(PageCompression compression)
      throws IOException {
    Random random = new Random(7);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      @Nullable Object[] row = new Object[ALL.size()];
      for (int c = 0; c < row.length; c++) {
        boolean isNull = (i > 25_000 && random.nextInt(1 + c) == 1) || (i > 50_000 && c % 3 == 0);
        row[c] = isNull ? null : random(ALL.columns().get(c).type(), random);
      }
      rows.add(row);
    }
    WrittenFile file = write(ALL, compression, 512 * 1024, TestRows.of(ALL, rows));
    assertThat(file.rows()).isEqualTo(rows.size());
    assertThat(file.footer().getBlocks()).hasSizeGreaterThan(3);
    assertThat(read(ALL, file))
        .isEqualTo(rows.stream().map(RowFileWriterTest::comparable).toList());
  }

  @Test
  void dictionariesOfFewValuesAndTheirEndAreRead() throws IOException {
    ViewSchema schema =
        schema(
            "one", ColumnType.STRING,
            "few", ColumnType.STRING,
            "more", ColumnType.STRING,
            "runs", ColumnType.STRING,
            "nulls", ColumnType.STRING,
            "large", ColumnType.STRING);
    String large = "x".repeat(200_000);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      rows.add(
          row(
              "same",
              "few" + i % 7,
              i < 30_000 ? "more" + i % 100 : "more" + i,
              "run" + i / 1003 % 3,
              null,
              i % 10_000 == 9_999 ? large + i : "small"));
    }
    WrittenFile file =
        write(schema, PageCompression.ZSTD, 16 * 1024 * 1024, TestRows.of(schema, rows));
    assertThat(read(schema, file))
        .isEqualTo(rows.stream().map(RowFileWriterTest::comparable).toList());
  }

  @Test
  void statisticsAreThoseOfTheValues() throws IOException {
    ViewSchema schema =
        schema(
            "s", ColumnType.STRING,
            "l", ColumnType.BIGINT,
            "d", ColumnType.decimal(38, 0),
            "none", ColumnType.INT);
    Random random = new Random(3);
    List<String> texts = new ArrayList<>();
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      String text = Integer.toString(random.nextInt(), 36) + "é".repeat(random.nextInt(3));
      texts.add(text);
      rows.add(row(text, (long) i - 5, BigDecimal.valueOf(i - 100), null));
    }
    WrittenFile file =
        write(schema, PageCompression.SNAPPY, 16 * 1024 * 1024, TestRows.of(schema, rows));
    var columns = file.footer().getBlocks().get(0).getColumns();
    texts.sort((a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b)));
    Statistics<?> ofText = columns.get(0).getStatistics();
    assertThat(new String(ofText.getMinBytes(), StandardCharsets.UTF_8)).isEqualTo(texts.get(0));
    assertThat(new String(ofText.getMaxBytes(), StandardCharsets.UTF_8))
        .isEqualTo(texts.get(texts.size() - 1));
    assertThat((Object) columns.get(1).getStatistics().genericGetMin()).isEqualTo(-5L);
    assertThat((Object) columns.get(1).getStatistics().genericGetMax()).isEqualTo(29_994L);
    assertThat(new BigInteger(columns.get(2).getStatistics().getMinBytes()).intValue())
        .isEqualTo(-100);
    assertThat(new BigInteger(columns.get(2).getStatistics().getMaxBytes()).intValue())
        .isEqualTo(29_899);
    assertThat(columns.get(3).getStatistics().getNumNulls()).isEqualTo(30_000);
    assertThat(columns.get(3).getStatistics().hasNonNullValue()).isFalse();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aDamagedPageIsNoticedByItsChecksum() throws IOException {
    ViewSchema schema = schema("b", ColumnType.BINARY);
    Random random = new Random(5);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      rows.add(row(random(ColumnType.BINARY, random)));
    }
    WrittenFile file = write(schema, PageCompression.SNAPPY, 1 << 20, TestRows.of(schema, rows));
    assertThat(read(schema, file)).hasSize(3000);
    Path path = directory.resolve("f.parquet");
    byte[] bytes = Files.readAllBytes(path);
    // Noise is not compressed: without the checksum one value would just be another.
    bytes[bytes.length / 2] ^= 1;
    Files.write(path, bytes);
    assertThatThrownBy(() -> read(schema, file)).hasStackTraceContaining("CRC checksum");
  }

  @Test
  void nullsAtThePagesBordersAreRead() throws IOException {
    ViewSchema schema = schema("i", ColumnType.INT, "s", ColumnType.STRING);
    int page = 20 * 1024;
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 3 * page + 1; i++) {
      boolean border = (i + 1) % page < 2;
      boolean second = i / page == 1;
      rows.add(row(border ? null : i, second ? null : "s" + i % 5));
    }
    WrittenFile file = write(schema, PageCompression.ZSTD, 1 << 24, TestRows.of(schema, rows));
    assertThat(read(schema, file))
        .isEqualTo(rows.stream().map(RowFileWriterTest::comparable).toList());
  }

  @Test
  void noRowsMakeNoFile() throws IOException {
    var settings = new RowFileSettings(PageCompression.ZSTD, 1 << 20, Set.of());
    try (RowFileWriter writer = new RowFileWriter(LakeSchema.of(ALL), settings)) {
      writer.open(storage().parquetOutput(directory.toRealPath() + "/f.parquet"));
      assertThat(writer.write(TestRows.of(ALL, List.of()), 10)).isFalse();
      assertThat(writer.finish()).isEmpty();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void boundsOfLongValuesAreShortAndStillBounds() {
    byte[] text = utf8("é".repeat(1000));
    assertThat(Bounds.floor(text, 5, true)).isEqualTo(utf8("éé"));
    assertThat(Bounds.ceiling(text, 5, true)).isEqualTo(utf8("éê"));
    assertThat(Bounds.ceiling(new byte[] {1, -1, -1, 0}, 3, false)).isEqualTo(new byte[] {2});
    assertThat(Bounds.successor("a\uD7FF")).isEqualTo("a\uE000");
    assertThat(Bounds.successor("a\uDBFF\uDFFF")).isEqualTo("b");
    assertThat(Bounds.successor("\uDBFF\uDFFF")).isEmpty();
  }
}
