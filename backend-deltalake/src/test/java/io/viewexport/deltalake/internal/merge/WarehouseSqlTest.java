// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.schema.TableName;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SQL for a warehouse, run by Spark, beside the merge on this server: the same rows. */
class WarehouseSqlTest {
  private static final LakeSchema VIEW =
      MergeLab.view(
          column("case", ColumnType.INT),
          column("id", ColumnType.STRING),
          column("ts", ColumnType.TIMESTAMP),
          column("value", ColumnType.DOUBLE),
          column("price", ColumnType.decimal(5, 2)));

  /** With a column of its own, another spelling and wider types. */
  private static final StructType TARGET =
      new StructType()
          .add("own", StringType.STRING)
          .add("case", LongType.LONG)
          .add("ID", StringType.STRING)
          .add("ts", TimestampType.TIMESTAMP)
          .add("value", DoubleType.DOUBLE)
          .add("price", new DecimalType(20, 4))
          .add("is_deleted", IntegerType.INTEGER);

  /** Each is a small job of its own: all go through one statement. */
  private static final int CASES = 200;

  private static SqlLab sql;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    sql = new SqlLab();
  }

  @ParameterizedTest
  @EnumSource
  void mergesAsThisServerDoes(MergeMode mode) {
    MergeLab lab = new MergeLab(folder);
    MergeSpec spec = lab.spec(VIEW, mode, "case", "id");
    Random random = new Random(mode.code().hashCode());
    lab.create(lab.target, TARGET, Map.of(), held(mode, rows(mode, random)));
    TableName target = sql.copy(lab.target);
    List<@Nullable Object[]> rows = rows(mode, random);
    int cut = random.nextInt(rows.size());
    StagedTable[] staged = {
      lab.stage(VIEW, rows.subList(0, cut)), lab.stage(VIEW, rows.subList(cut, rows.size()))
    };

    MergeCounts expected = lab.merge(MergeCall.of("job"), spec, staged);
    List<TableName> names = Arrays.stream(staged).map(one -> sql.register(one.path())).toList();
    sql.check(spec, target, names, rows.size());
    List<Long> counts = sql.merge(spec, target, names);

    assertThat(sql.rows(target.sql())).isEqualTo(sql.rows("delta.`" + lab.target + "`"));
    long again = counts.get(2) - expected.inserted().orElseThrow();
    assertThat(again).as("rows written anew").isBetween(0L, mode == MergeMode.REPLACE ? 150L : 0L);
    assertThat(counts)
        .containsExactly(
            expected.updated().orElseThrow(),
            expected.deleted().orElseThrow() + again,
            expected.inserted().orElseThrow() + again);
    long version = sql.version(target);
    assertThat(sql.merge(spec, target, names)).containsExactly(0L, 0L, 0L);
    assertThat(sql.version(target)).as("no commit without a change").isEqualTo(version);
  }

  private static List<@Nullable Object[]> held(MergeMode mode, List<@Nullable Object[]> rows) {
    List<@Nullable Object[]> held = new ArrayList<>();
    for (@Nullable Object[] row : rows) {
      BigDecimal price = (BigDecimal) row[4];
      held.add(
          new @Nullable Object[] {
            mode == MergeMode.REPLACE ? null : "own" + held.size(),
            (long) (Integer) Objects.requireNonNull(row[0]),
            row[1],
            row[2],
            row[3],
            price == null ? null : price.setScale(4),
            0
          });
    }
    return held;
  }

  private static List<@Nullable Object[]> rows(MergeMode mode, Random random) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int number = 0; number < CASES; number++) {
      List<@Nullable Object[]> ofCase = new ArrayList<>();
      int count = random.nextInt(6);
      for (int i = 0; i < count; i++) {
        @Nullable Object[] row = {
          number,
          "k" + random.nextInt(3),
          mode != MergeMode.HISTORY && random.nextInt(4) == 0
              ? null
              : (Long) (long) random.nextInt(3),
          value(random),
          random.nextInt(3) == 0 ? null : new BigDecimal("1.5" + random.nextInt(2))
        };
        if (mode == MergeMode.REPLACE || ofCase.stream().noneMatch(r -> sameKey(mode, r, row))) {
          ofCase.add(row);
        }
      }
      rows.addAll(ofCase);
    }
    return rows;
  }

  private static @Nullable Double value(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> null;
      case 1 -> Double.NaN;
      case 2 -> -0.0;
      case 3 -> 0.0;
      default -> 1.0;
    };
  }

  private static boolean sameKey(MergeMode mode, @Nullable Object[] a, @Nullable Object[] b) {
    return Objects.equals(a[1], b[1]) && (mode != MergeMode.HISTORY || Objects.equals(a[2], b[2]));
  }

  @Test
  void oddNamesMissingColumnsAndManyTables() {
    TableName target = sql.create("ID INT, `own ``x` STRING", "(1, 'kept'), (2, 'kept')");
    TableName staged =
        sql.create("id INT, `a``b` STRING, `sel-ect` INT, is_deleted INT", "(2, 'x', 5, 0)");
    LakeSchema view =
        MergeLab.view(
            column("id", ColumnType.INT),
            column("a`b", ColumnType.STRING),
            column("sel-ect", ColumnType.INT));
    MergeSpec spec = new MergeSpec("t", view, MergeMode.REPLACE, List.of("id"), Optional.empty());
    List<TableName> tables = new ArrayList<>();
    for (int i = 0; i < 33; i++) {
      tables.add(staged);
    }

    sql.addColumns(spec, target);
    sql.check(spec, target, tables, 33);
    assertThat(sql.merge(spec, target, tables)).containsExactly(0L, 1L, 33L);
    assertThat(sql.rows(target.sql()))
        .hasSize(34)
        .contains("1|kept|null|null|null", "2|null|x|5|0");
  }

  @Test
  void aMergeThatComesTooLateFailsAndChangesNothing() {
    TableName target = sql.create("id INT, is_deleted INT", "(1, 0)");
    TableName staged = sql.create("id INT, is_deleted INT", "(2, 0)");
    LakeSchema view = MergeLab.view(column("id", ColumnType.INT));
    MergeSpec spec = new MergeSpec("t", view, MergeMode.INSERT, List.of("id"), Optional.empty());
    SqlStatement late =
        MergeStatement.render(
            spec, WarehouseMatch.of(view, sql.describe(target)), List.of(staged), 1_000L);

    assertThatThrownBy(() -> sql.execute(SqlLab.inline(late)))
        .hasMessageContaining("[USER_RAISED_EXCEPTION]");
    assertThat(sql.rows(target.sql())).containsExactly("1|0");
  }

  @Test
  void checksCountNullsAndRepeatedKeys() {
    TableName target =
        sql.create("id INT, ts INT, is_deleted INT", "(1, 0, 0), (1, 0, 0), (7, 0, 0), (7, 0, 0)");
    TableName staged =
        sql.create(
            "id INT, ts INT, is_deleted INT",
            "(1, 0, 0), (2, 0, 0), (2, 1, 0), (2, 2, 0), (null, 0, 0), (null, 0, 0)");
    LakeSchema view = MergeLab.view(column("id", ColumnType.INT), column("ts", ColumnType.INT));
    MergeSpec spec = new MergeSpec("t", view, MergeMode.UPSERT, List.of("id"), Optional.of("ts"));

    Map<String, @Nullable String> row =
        sql.checkRow(spec, target, List.of(staged), CheckStatement.Sampling.FEW_KEYS);

    assertThat(row)
        .containsEntry("staged_rows", "6")
        .containsEntry("null_keys_0", "2")
        .containsEntry("repeated_keys", "2")
        .containsEntry("target_repeated_keys", "1")
        .containsEntry("sample_keys", "[{\"k0\":\"2\"}]");
    assertThat(Long.parseLong(Objects.requireNonNull(row.get("server_time"))))
        .isBetween(System.currentTimeMillis() - 600_000, System.currentTimeMillis() + 600_000);
  }
}
