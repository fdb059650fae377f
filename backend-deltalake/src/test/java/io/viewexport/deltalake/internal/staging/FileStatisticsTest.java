// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.staging;

import static io.viewexport.deltalake.testing.TestRows.row;
import static io.viewexport.deltalake.testing.TestRows.schema;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.parquet.PageCompression;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.testing.DeltaRows;
import io.viewexport.deltalake.testing.TestContext;
import io.viewexport.deltalake.testing.TestRows;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStatisticsTest {
  private final Path temporary;

  FileStatisticsTest(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  private JsonNode statistics(ViewSchema schema, List<@Nullable Object[]> rows) throws IOException {
    Path root = temporary.toRealPath();
    LakeStorage storage = LocalStorage.create(List.of(root), Map.of());
    ExportView view = TestContext.view(0, schema, ViewOptions.UNSET, Map.of());
    var settings = new StagingSettings(PageCompression.ZSTD, 1 << 24, 1 << 27);
    var context = new TestContext(view, new JobId("j"), 1, () -> false);
    ChunkStaging.stage(storage, root + "/s", settings, context, TestRows.of(schema, rows));
    List<String> found = DeltaRows.statistics(storage.engine(), root + "/s/j/v0/c0/a1");
    assertThat(found).hasSize(1);
    return new ObjectMapper().readTree(found.get(0));
  }

  @Test
  void boundsAreGivenByType() throws IOException {
    ViewSchema schema =
        schema(
            "s", ColumnType.STRING,
            "day", ColumnType.DATE,
            "ts", ColumnType.TIMESTAMP,
            "exact", ColumnType.decimal(20, 2),
            "d", ColumnType.DOUBLE,
            "bytes", ColumnType.BINARY,
            "nothing", ColumnType.INT);
    JsonNode found =
        statistics(
            schema,
            List.of(
                row("b", 0, -1_001L, new BigDecimal("-1.50"), 1.5, new byte[] {1}, null),
                row("a", 19000, 1_999L, new BigDecimal("2.25"), -2.5, new byte[] {2}, null),
                row(null, null, null, null, null, null, null)));
    assertThat(found.path("numRecords").asInt()).isEqualTo(3);
    JsonNode min = found.path("minValues");
    JsonNode max = found.path("maxValues");
    assertThat(min.path("s").asText()).isEqualTo("a");
    assertThat(max.path("s").asText()).isEqualTo("b");
    assertThat(min.path("day").asText()).isEqualTo("1970-01-01");
    assertThat(max.path("day").asText()).isEqualTo("2022-01-08");
    assertThat(min.path("ts").asText()).isEqualTo("1969-12-31T23:59:59.998Z");
    assertThat(max.path("ts").asText()).isEqualTo("1970-01-01T00:00:00.001Z");
    assertThat(min.path("exact").decimalValue()).isEqualByComparingTo("-1.5");
    assertThat(max.path("exact").decimalValue()).isEqualByComparingTo("2.25");
    assertThat(min.path("d").doubleValue()).isEqualTo(-2.5);
    assertThat(max.path("is_deleted").asInt(-1)).isZero();
    assertThat(min.has("bytes") || min.has("nothing") || max.has("nothing")).isFalse();
    assertThat(found.path("nullCount").path("nothing").asInt()).isEqualTo(3);
    assertThat(found.path("nullCount").path("s").asInt()).isEqualTo(1);
  }

  @Test
  void longTextsAreCutAndTheUpperBoundStaysOne() throws IOException {
    ViewSchema schema = schema("s", ColumnType.STRING, "top", ColumnType.STRING);
    String top = Character.toString(Character.MAX_CODE_POINT).repeat(40);
    JsonNode found =
        statistics(
            schema, List.of(row("a".repeat(31) + "𝒳tail", top), row("z".repeat(2000), top)));
    assertThat(found.path("minValues").path("s").asText()).isEqualTo("a".repeat(31));
    assertThat(found.path("maxValues").path("s").asText()).isEqualTo("z".repeat(31) + "{");
    assertThat(found.path("maxValues").has("top")).isFalse();
  }

  @Test
  void aColumnWithNanHasNoBoundsNorHasAnInfiniteOne() throws IOException {
    ViewSchema schema =
        schema("nan", ColumnType.DOUBLE, "last", ColumnType.FLOAT, "infinite", ColumnType.DOUBLE);
    JsonNode found =
        statistics(
            schema,
            List.of(
                row(Double.NaN, 1f, 1.0),
                row(1.0, 2f, Double.POSITIVE_INFINITY),
                row(2.0, Float.NaN, 3.0)));
    for (String bounds : List.of("minValues", "maxValues")) {
      assertThat(found.path(bounds).has("nan")).isFalse();
      assertThat(found.path(bounds).has("last")).isFalse();
    }
    assertThat(found.path("minValues").path("infinite").asDouble()).isEqualTo(1.0);
    assertThat(found.path("maxValues").has("infinite")).isFalse();
  }

  @Test
  void columnsBeyondTheFirst32HaveNone() throws IOException {
    Object[] columns = new Object[80];
    for (int i = 0; i < 40; i++) {
      columns[2 * i] = "c" + i;
      columns[2 * i + 1] = ColumnType.INT;
    }
    @Nullable Object[] row = new Object[40];
    Arrays.fill(row, 1);
    JsonNode found = statistics(schema(columns), List.<@Nullable Object[]>of(row));
    assertThat(found.path("nullCount").has("c31")).isTrue();
    assertThat(found.path("nullCount").has("c32")).isFalse();
  }
}
