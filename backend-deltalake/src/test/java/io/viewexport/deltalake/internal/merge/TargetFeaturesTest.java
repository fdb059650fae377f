// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetFeaturesTest {
  private static final LakeSchema VIEW =
      MergeLab.view(column("id", ColumnType.STRING), column("ts", ColumnType.BIGINT));

  @TempDir Path folder;
  private MergeLab lab;

  @BeforeEach
  void open() {
    lab = new MergeLab(folder);
  }

  private static List<@Nullable Object[]> rows(@Nullable Object[]... rows) {
    return List.of(rows);
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private void create(Map<String, String> properties) {
    lab.create(lab.target, VIEW.deltaSchema(), properties, rows(row("a", 1L, 0), row("b", 1L, 0)));
  }

  private MergeCounts merge(MergeMode mode) {
    MergeSpec spec = lab.spec(VIEW, mode, "id");
    TargetTable.check(lab.storage, spec);
    return lab.merge(MergeCall.of("job"), spec, lab.stage(VIEW, rows(row("b", 2L), row("c", 1L))));
  }

  /** A log of one version, by hand. */
  private void log(String protocol, String configuration, String fields) throws IOException {
    Path log = Path.of(lab.target, "_delta_log");
    Files.createDirectories(log);
    String schema = "{\"type\":\"struct\",\"fields\":[" + fields + "]}";
    Files.writeString(
        log.resolve("00000000000000000000.json"),
        "{\"protocol\":"
            + protocol
            + "}\n"
            + "{\"metaData\":{\"id\":\"t\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
            + "\"schemaString\":"
            + quoted(schema)
            + ",\"partitionColumns\":"
            + (configuration.startsWith("partitioned") ? "[\"id\"]" : "[]")
            + ",\"configuration\":"
            + (configuration.startsWith("partitioned") ? "{}" : configuration)
            + "}}\n");
  }

  private static String quoted(String json) {
    return '"' + json.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String field(String name, String type, String metadata) {
    return "{\"name\":\""
        + name
        + "\",\"type\":\""
        + type
        + "\",\"nullable\":true,\"metadata\":"
        + metadata
        + "}";
  }

  private static final String ID = field("id", "string", "{}");
  private static final String PLAIN = "{\"minReaderVersion\":1,\"minWriterVersion\":6}";

  private void assertRefused(MergeMode mode, String... words) {
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> TargetTable.check(lab.storage, lab.spec(VIEW, mode, "id")))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo("target-not-supported");
              assertThat(e.message()).contains(words);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "delta.appendOnly,INSERT",
    "delta.appendOnly,HISTORY",
    "delta.enableChangeDataFeed,INSERT",
    "delta.enableChangeDataFeed,HISTORY",
    "delta.enableRowTracking,INSERT",
    "delta.enableRowTracking,HISTORY",
    "delta.enableInCommitTimestamps,UPSERT",
    "delta.enableInCommitTimestamps,REPLACE",
    "delta.enableDeletionVectors,UPSERT",
    "delta.enableDeletionVectors,REPLACE",
    "delta.enableTypeWidening,UPSERT",
    "delta.enableTypeWidening,INSERT"
  })
  void worksWith(String property, MergeMode mode) {
    create(Map.of(property, "true"));

    merge(mode);

    List<String> expected =
        switch (mode) {
          case INSERT -> List.of("a|1|0", "b|1|0", "c|1|0");
          case HISTORY -> List.of("a|1|0", "b|1|0", "b|2|0", "c|1|0");
          case UPSERT, REPLACE -> List.of("a|1|0", "b|2|0", "c|1|0");
        };
    assertThat(lab.rows()).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void worksWithVersionTwoCheckpoints(MergeMode mode) {
    create(Map.of("delta.checkpointPolicy", "v2"));
    assertThat(merge(mode).inserted().orElseThrow()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "delta.appendOnly,append-only",
    "delta.enableChangeDataFeed,change data feed",
    "delta.enableRowTracking,tracks rows"
  })
  void changingRowsIsRefusedWith(String property, String words) {
    create(Map.of(property, "true"));
    assertRefused(MergeMode.UPSERT, words, property);
    assertRefused(MergeMode.REPLACE, words, property);
  }

  @ParameterizedTest
  @EnumSource
  void columnMappingIsRefused(MergeMode mode) {
    lab.create(lab.target, VIEW.deltaSchema(), Map.of("delta.columnMapping.mode", "name"), rows());
    assertRefused(mode, "column mapping", "name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"catalogManaged", "variantType", "icebergCompatV2", "somethingNew"})
  void otherFeaturesAreRefusedByName(String feature) throws IOException {
    String both = feature.equals("icebergCompatV2") ? "" : "\"" + feature + "\"";
    log(
        "{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":["
            + both
            + "],\"writerFeatures\":[\""
            + feature
            + "\"]}",
        "{}",
        ID);
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> TargetTable.check(lab.storage, lab.spec(VIEW, MergeMode.INSERT, "id")))
        .satisfies(e -> assertThat(e.message()).contains(feature));
  }

  @Test
  void constraintsAndPartitionsAreRefusedByName() throws IOException {
    log(PLAIN, "{\"delta.constraints.positive\":\"ts > 0\"}", ID);
    assertRefused(MergeMode.INSERT, "CHECK constraint positive");
  }

  @Test
  void partitionsAreRefusedByName() throws IOException {
    log(PLAIN, "partitioned", ID + "," + field("ts", "long", "{}"));
    assertRefused(MergeMode.INSERT, "partitioned by id");
  }

  @ParameterizedTest
  @CsvSource({
    "delta.generationExpression,generated column",
    "delta.identity.start,identity column",
    "delta.invariants,invariant",
    "CURRENT_DEFAULT,default value"
  })
  void columnsWithRulesAreRefusedByName(String key, String words) throws IOException {
    log(PLAIN, "{}", ID + "," + field("ruled", "string", "{\"" + key + "\":\"1\"}"));
    assertRefused(MergeMode.INSERT, "\"ruled\"", words);
  }

  @Test
  void typesAndRequiredColumnsAreRefusedByName() throws IOException {
    log(
        PLAIN,
        "{}",
        ID
            + ","
            + field("ts", "integer", "{}")
            + ","
            + field("must", "string", "{}").replace("\"nullable\":true", "\"nullable\":false"));
    assertRefused(MergeMode.INSERT, "\"ts\"", "integer", "long", "\"must\"", "NOT NULL");
  }

  @Test
  void anAbsentTargetIsFine() {
    TargetTable.check(lab.storage, lab.spec(VIEW, MergeMode.UPSERT, "id"));
    assertThat(Files.exists(Path.of(lab.target))).isFalse();
  }

  @Test
  void aTextTimeCannotTellNewerFromOlder() {
    LakeSchema view =
        MergeLab.view(column("id", ColumnType.STRING), column("ts", ColumnType.STRING));
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> TargetTable.check(lab.storage, lab.spec(view, MergeMode.UPSERT, "id")))
        .satisfies(e -> assertThat(e.code()).isEqualTo("timestamp-column-type"));
  }

  @Test
  void checkpointsAreMadeOnTheWay() throws IOException {
    for (int i = 0; i < 11; i++) {
      lab.merge(
          MergeCall.of("job" + i),
          lab.spec(VIEW, MergeMode.INSERT, "id"),
          lab.stage(VIEW, rows(row("k" + i, 1L))));
    }
    assertThat(Path.of(lab.target, "_delta_log", "_last_checkpoint")).exists();
    assertThat(lab.rows()).hasSize(11);
  }
}
