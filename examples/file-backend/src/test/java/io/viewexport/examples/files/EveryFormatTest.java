// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EveryFormatTest {
  @TempDir Path root;

  @ParameterizedTest
  @CsvSource({
    "ndjson,none",
    "ndjson,gzip",
    "json,none",
    "json,gzip",
    "csv,none",
    "csv,gzip",
    "parquet,zstd",
    "parquet,snappy",
    "parquet,none"
  })
  void everyValueComesBackOverSeveralChunksAndFiles(String format, String compression)
      throws IOException {
    SampleRows rows = SampleRows.ofEveryType(300, 7);
    Path folder =
        new TestExport(root, rows)
            .parameter("_format", format)
            .parameter("compression", compression)
            .chunks(3)
            .maxPartRows(40)
            .run();

    SampleRows read = ReadOutput.rows(folder, rows.schema());
    assertThat(read.rows().stream().filter(row -> !rows.rows().contains(row)).limit(2)).isEmpty();
    assertThat(Set.copyOf(read.rows())).hasSize(300);
    FileManifest manifest = FileManifest.read(folder.resolve("_manifest.json").toUri());
    assertThat(manifest.files().size()).isBetween(9, 11);
    assertThat(manifest.rowCount()).isEqualTo(300);
    assertThat(manifest.files())
        .allSatisfy(
            file -> {
              assertThat(file.rowCount()).isBetween(1L, 40L);
              assertThat(folder.resolve(file.name())).hasSize(file.byteCount());
            });
    assertThat(manifest.locations(folder.resolve("_manifest.json").toUri()))
        .containsExactlyElementsOf(ReadOutput.parts(folder).stream().map(Path::toUri).toList());
    assertThat(manifest.columns()).hasSize(rows.schema().size());
    assertThat(manifest.view()).isEqualTo("sof.patient");
  }

  @ParameterizedTest
  @CsvSource({"ndjson", "json", "csv", "parquet"})
  void aFullFileEndsAndTheNextBegins(String format) throws IOException {
    SampleRows rows = SampleRows.ofEveryType(200, 3);
    Path folder =
        new TestExport(root, rows).parameter("_format", format).maxPartBytes(20_000).run();

    assertThat(ReadOutput.parts(folder)).hasSizeGreaterThan(2);
    assertThat(Files.size(ReadOutput.parts(folder).get(1))).isLessThan(60_000);
    assertThat(ReadOutput.rows(folder, rows.schema()).rows()).isEqualTo(rows.rows());
  }

  @Test
  void parquetHasItsColumnsAndCodecWithoutRows() throws IOException {
    SampleRows none = SampleRows.ofEveryType(0, 1);
    Path file =
        ReadOutput.parts(new TestExport(root, none).parameter("_format", "parquet").run()).get(0);
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      ParquetMetadata footer = reader.getFooter();
      assertThat(footer.getFileMetaData().getSchema())
          .hasToString(
              """
              message row {
                optional binary id (STRING);
                optional boolean flag;
                optional int32 small;
                optional int64 big;
                optional float single;
                optional double precise;
                optional int64 price (DECIMAL(10,2));
                optional int64 whole (DECIMAL(18,0));
                optional fixed_len_byte_array(16) wide (DECIMAL(38,10));
                optional binary note (STRING);
                optional binary raw;
                optional int32 day (DATE);
                optional int64 updated_at (TIMESTAMP(MICROS,true));
              }
              """);
      assertThat(footer.getBlocks()).isEmpty();
    }
  }
}
