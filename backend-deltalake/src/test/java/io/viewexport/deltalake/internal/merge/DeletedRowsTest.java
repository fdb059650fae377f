// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets of which a deletion vector hides rows. */
class DeletedRowsTest {
  private static final String DIGITS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
  private static final LakeSchema VIEW =
      MergeLab.view(column("id", ColumnType.STRING), column("ts", ColumnType.BIGINT));

  @TempDir Path folder;
  private MergeLab lab;

  @BeforeEach
  void hideTheSecondOfThreeRows() throws IOException {
    lab = new MergeLab(folder);
    lab.create(
        lab.target,
        VIEW.deltaSchema(),
        Map.of("delta.enableDeletionVectors", "true"),
        rows(row("a", 1L, 0), row("b", 1L, 0), row("c", 1L, 0)));
    Path log = Path.of(lab.target, "_delta_log", "00000000000000000000.json");
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      ObjectNode action = (ObjectNode) new ObjectMapper().readTree(line);
      if (action.has("add")) {
        ((ObjectNode) action.get("add"))
            .putObject("deletionVector")
            .put("storageType", "i")
            .put("pathOrInlineDv", inline(1))
            .put("sizeInBytes", bitmap(1).length)
            .put("cardinality", 1);
      }
      lines.add(action.toString());
    }
    Files.write(log, lines);
  }

  private static List<@Nullable Object[]> rows(@Nullable Object[]... rows) {
    return List.of(rows);
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  /** The portable form of a bitmap of one row below 65536. */
  private static byte[] bitmap(int row) {
    return ByteBuffer.allocate(36)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(1681511377)
        .putLong(1)
        .putInt(0)
        .putInt(12346)
        .putInt(1)
        .putShort((short) 0)
        .putShort((short) 0)
        .putInt(16)
        .putShort((short) row)
        .putShort((short) 0)
        .array();
  }

  private static String inline(int row) {
    ByteBuffer bytes = ByteBuffer.wrap(bitmap(row));
    StringBuilder text = new StringBuilder();
    while (bytes.hasRemaining()) {
      long word = bytes.getInt() & 0xFFFFFFFFL;
      for (long unit = 85L * 85 * 85 * 85; unit > 0; unit /= 85) {
        text.append(DIGITS.charAt((int) (word / unit % 85)));
      }
    }
    return text.toString();
  }

  @Test
  void hiddenRowsAreNotThere() {
    assertThat(lab.rows()).containsExactly("a|1|0", "c|1|0");

    lab.merge(
        MergeCall.of("job"),
        lab.spec(VIEW, MergeMode.INSERT, "id"),
        lab.stage(VIEW, rows(row("a", 9L), row("b", 2L))));

    assertThat(lab.rows()).containsExactly("a|1|0", "b|2|0", "c|1|0");
  }

  @Test
  void rewritingLeavesHiddenRowsOut() {
    lab.merge(
        MergeCall.of("job"),
        lab.spec(VIEW, MergeMode.UPSERT, "id"),
        lab.stage(VIEW, rows(row("c", 9L))));

    assertThat(lab.rows()).containsExactly("a|1|0", "c|9|0");
    assertThat(lab.table().files()).noneMatch(TableFile::hasDeletedRows);
  }
}
