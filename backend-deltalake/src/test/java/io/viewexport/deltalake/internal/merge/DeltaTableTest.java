// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log holds, byte for byte: fails where an upgrade of Kernel changes its internals. */
class DeltaTableTest {
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

  private List<JsonNode> actions(long version, String kind) throws IOException {
    Path log = Path.of(lab.target, "_delta_log", String.format("%020d.json", version));
    List<JsonNode> found = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      JsonNode action = new ObjectMapper().readTree(line);
      if (action.has(kind)) {
        found.add(action.get(kind));
      }
    }
    return found;
  }

  @Test
  void aMergeIsOneCommitOfFilesUnderATransactionId() throws IOException {
    lab.create(
        lab.target,
        VIEW.deltaSchema(),
        Map.of(),
        rows(row("a", 1L, 0), row("b", 1L, 0), row("c", 1L, 0)));
    String old = Path.of(lab.fileNames().iterator().next()).getFileName().toString();

    lab.merge(
        MergeCall.of("job"),
        lab.spec(VIEW, MergeMode.UPSERT, "id"),
        lab.stage(VIEW, rows(row("a", 2L), row("d", 5L))));

    assertThat(lab.version()).isEqualTo(1);
    JsonNode txn = actions(1, "txn").get(0);
    assertThat(txn.get("appId").asText()).isEqualTo("job/v0");
    assertThat(txn.get("version").asLong()).isEqualTo(1);
    JsonNode remove = actions(1, "remove").get(0);
    assertThat(actions(1, "remove")).hasSize(1);
    assertThat(remove.get("path").asText()).isEqualTo(old);
    assertThat(remove.get("dataChange").asBoolean()).isTrue();
    assertThat(remove.get("deletionTimestamp").asLong()).isPositive();
    assertThat(remove.get("size").asLong()).isPositive();
    List<JsonNode> adds = actions(1, "add");
    assertThat(adds).hasSize(2);
    for (JsonNode add : adds) {
      Path file = Path.of(lab.target, add.get("path").asText());
      assertThat(add.get("path").asText()).startsWith("viewexport-job.v0.a1.");
      assertThat(add.get("size").asLong()).isEqualTo(Files.size(file));
      assertThat(add.get("modificationTime").asLong())
          .isEqualTo(Files.getLastModifiedTime(file).toMillis());
      assertThat(add.get("dataChange").asBoolean()).isTrue();
      assertThat(add.get("partitionValues").isObject()).isTrue();
      JsonNode statistics = new ObjectMapper().readTree(add.get("stats").asText());
      assertThat(statistics.get("numRecords").asLong()).isEqualTo(2);
      assertThat(statistics.get("minValues").has("id")).isTrue();
      assertThat(statistics.get("maxValues").has("ts")).isTrue();
      assertThat(statistics.get("nullCount").get("id").asLong()).isZero();
    }
    assertThat(actions(1, "commitInfo")).hasSize(1);
    assertThat(actions(1, "metaData")).isEmpty();
  }

  @Test
  void columnsAreAddedInACommitOfTheirOwn() throws IOException {
    LakeSchema wider =
        MergeLab.view(
            column("id", ColumnType.STRING),
            column("ts", ColumnType.BIGINT),
            column("more", ColumnType.BOOLEAN));
    lab.create(lab.target, VIEW.deltaSchema(), Map.of(), rows(row("a", 1L, 0)));

    lab.merge(
        MergeCall.of("job"),
        lab.spec(wider, MergeMode.INSERT, "id"),
        lab.stage(wider, rows(row("b", 1L, true))));

    assertThat(actions(1, "metaData")).hasSize(1);
    assertThat(actions(1, "add")).isEmpty();
    assertThat(actions(1, "metaData").get(0).get("schemaString").asText())
        .contains("{\"name\":\"more\",\"type\":\"boolean\",\"nullable\":true,\"metadata\":{}}");
    assertThat(actions(1, "metaData").get(0).get("id"))
        .isEqualTo(actions(0, "metaData").get(0).get("id"));
    assertThat(actions(2, "add")).hasSize(1);
    assertThat(lab.rows()).containsExactly("a|1|0|null", "b|1|0|true");
  }

  @Test
  void aCommitOnAnOldVersionIsNeverRebased() {
    lab.create(lab.target, VIEW.deltaSchema(), Map.of(), rows(row("a", 1L, 0)));
    DeltaTable old = lab.table();
    lab.append(rows(row("b", 1L, 0)));

    assertThat(old.commit("job/v0", List.of(), old.files())).isFalse();
    assertThat(old.withSchema(VIEW.deltaSchema())).isEmpty();

    assertThat(lab.version()).isEqualTo(1);
    assertThat(lab.rows()).containsExactly("a|1|0", "b|1|0");
  }

  @Test
  void creatingATableThatIsThereIsNoFailure() {
    assertThat(DeltaTable.create(lab.storage, lab.target, VIEW.deltaSchema())).isTrue();
    assertThat(DeltaTable.create(lab.storage, lab.target, VIEW.deltaSchema())).isFalse();
  }

  @Test
  void aTransactionIsCommittedOnce() {
    lab.create(lab.target, VIEW.deltaSchema(), Map.of(), rows(row("a", 1L, 0)));
    assertThat(lab.table().hasTransaction("job/v0")).isFalse();
    assertThat(lab.table().commit("job/v0", List.of(), List.of())).isTrue();
    assertThat(lab.table().hasTransaction("job/v0")).isTrue();
    assertThat(lab.table().commit("job/v0", List.of(), List.of())).isFalse();
  }
}
