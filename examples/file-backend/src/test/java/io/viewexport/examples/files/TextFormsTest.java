// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.SampleRows;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFormsTest {
  private static final ViewSchema TWO =
      new ViewSchema(
          List.of(column("id", ColumnType.STRING), column("a,\"b\"", ColumnType.STRING)));
  private static final SampleRows EVERY_KIND =
      SampleRows.of(
          new ViewSchema(
              List.of(
                  column("id", ColumnType.INT),
                  column("flag", ColumnType.BOOLEAN),
                  column("big", ColumnType.BIGINT),
                  column("single", ColumnType.FLOAT),
                  column("precise", ColumnType.DOUBLE),
                  column("exact", ColumnType.decimal(38, 10)),
                  column("text", ColumnType.STRING),
                  column("raw", ColumnType.BINARY),
                  column("day", ColumnType.DATE),
                  column("time", ColumnType.TIMESTAMP))),
          row(
              -1,
              true,
              Long.MIN_VALUE,
              0.1f,
              1e300,
              new BigDecimal("-1234567890123456789012345678.0000000001"),
              "ä\n\"",
              new byte[] {0, (byte) 0xff},
              LocalDate.of(1, 1, 1),
              Instant.parse("1969-12-31T23:59:59.999999Z")),
          row(
              2,
              null,
              null,
              Float.NEGATIVE_INFINITY,
              Double.NaN,
              null,
              null,
              null,
              null,
              Instant.parse("2024-02-29T12:00:00Z")));

  @TempDir Path root;

  @Test
  void linesOfJson() {
    assertThat(text(new TestExport(root, EVERY_KIND)))
        .isEqualTo(
            """
            {"id":-1,"flag":true,"big":-9223372036854775808,"single":0.1,"precise":1.0E300,\
            "exact":-1234567890123456789012345678.0000000001,"text":"ä\\n\\"","raw":"AP8=",\
            "day":"0001-01-01","time":"1969-12-31T23:59:59.999999Z"}
            {"id":2,"flag":null,"big":null,"single":"-Infinity","precise":"NaN","exact":null,\
            "text":null,"raw":null,"day":null,"time":"2024-02-29T12:00:00Z"}
            """);
  }

  @Test
  void oneArrayOfJson() {
    SampleRows rows = SampleRows.of(TWO, row("x", null), row("y", "2"));
    assertThat(text(new TestExport(root, rows).parameter("_format", "json")))
        .isEqualTo(
            """
            [
            {"id":"x","a,\\"b\\"":null}
            ,{"id":"y","a,\\"b\\"":"2"}]
            """);
  }

  @Test
  void csvOfEveryKind() {
    assertThat(text(new TestExport(root, EVERY_KIND).parameter("_format", "csv")))
        .isEqualTo(
            "id,flag,big,single,precise,exact,text,raw,day,time\r\n"
                + "-1,true,-9223372036854775808,0.1,1.0E300,"
                + "-1234567890123456789012345678.0000000001,\"ä\n\"\"\",AP8=,0001-01-01,"
                + "1969-12-31T23:59:59.999999Z\r\n"
                + "2,,,-Infinity,NaN,,,,,2024-02-29T12:00:00Z\r\n");
  }

  @Test
  void csvQuotesWhatNeedsIt() {
    SampleRows rows =
        SampleRows.of(
            TWO,
            row("null", null),
            row("empty", ""),
            row("comma", "a,b"),
            row("quote", "\""),
            row("cr", "\r"),
            row("blank", " x"),
            row("plain", "a'b;c\\"));
    assertThat(text(new TestExport(root, rows).parameter("_format", "csv")))
        .isEqualTo(
            "id,\"a,\"\"b\"\"\"\r\n"
                + "null,\r\n"
                + "empty,\"\"\r\n"
                + "comma,\"a,b\"\r\n"
                + "quote,\"\"\"\"\r\n"
                + "cr,\"\r\"\r\n"
                + "blank,\" x\"\r\n"
                + "plain,a'b;c\\\r\n");
  }

  @Test
  void csvWithoutHeader() {
    SampleRows rows = SampleRows.of(TWO, row("x", "y"));
    TestExport export =
        new TestExport(root, rows).parameter("_format", "csv").parameter("header", "false");
    assertThat(text(export)).isEqualTo("x,y\r\n");
  }

  @ParameterizedTest
  @CsvSource({"ndjson,''", "json,'[]\n'", "csv,'id,\"a,\"\"b\"\"\"\r\n'"})
  void anOutputWithoutRowsHasOneFile(String format, String expected) {
    SampleRows none = SampleRows.of(TWO);
    assertThat(text(new TestExport(root, none).chunks(3).parameter("_format", format)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"ndjson", "json", "csv"})
  void gzipHoldsTheSameText(String format) throws IOException {
    SampleRows rows = SampleRows.ofEveryType(50, 1);
    String plain = text(new TestExport(root, rows).parameter("_format", format));
    Path folder =
        new TestExport(root, rows)
            .parameter("_format", format)
            .parameter("compression", "gzip")
            .run();
    Path file = ReadOutput.parts(folder).get(0);
    assertThat(file.getFileName()).hasToString("part-00000." + format + ".gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain);
    }
  }

  private static String text(TestExport export) {
    List<Path> parts = ReadOutput.parts(export.run());
    assertThat(parts).hasSize(1);
    try {
      return Files.readString(parts.get(0));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
