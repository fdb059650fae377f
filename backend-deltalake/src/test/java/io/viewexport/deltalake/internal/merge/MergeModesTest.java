// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MergeModesTest {
  private static final LakeSchema VIEW =
      MergeLab.view(
          column("id", ColumnType.STRING),
          column("ts", ColumnType.TIMESTAMP),
          column("value", ColumnType.DOUBLE));

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

  private MergeCounts merge(String job, MergeMode mode, @Nullable Object[]... rows) {
    return lab.merge(MergeCall.of(job), lab.spec(VIEW, mode, "id"), lab.stage(VIEW, rows(rows)));
  }

  @ParameterizedTest
  @EnumSource
  void firstRunMakesTheTableAndSecondRunChangesNothing(MergeMode mode) {
    @Nullable Object[][] rows = {row("a", 1L, 1.0), row("b", null, Double.NaN), row("c", 3L, null)};
    if (mode == MergeMode.HISTORY) {
      rows[1][1] = 2L;
    }
    MergeCounts first = merge("one", mode, rows);
    var files = lab.fileNames();
    List<String> content = lab.rows();
    long version = lab.version();

    MergeCounts second = merge("two", mode, rows);

    assertThat(first).isEqualTo(MergeCounts.of(3, 0, 0, 0));
    assertThat(content).hasSize(3).contains("a|1|1.0|0");
    assertThat(second).isEqualTo(MergeCounts.of(0, 0, 0, 3));
    assertThat(lab.fileNames()).isEqualTo(files);
    assertThat(lab.version()).isEqualTo(version);
    assertThat(lab.unreferenced()).isEmpty();
  }

  @Test
  void insertLeavesKnownKeys() {
    merge("one", MergeMode.INSERT, row("a", 1L, 1.0), row("b", 1L, 1.0));

    MergeCounts counts = merge("two", MergeMode.INSERT, row("b", 9L, 9.0), row("c", 1L, 1.0));

    assertThat(counts).isEqualTo(MergeCounts.of(1, 0, 0, 1));
    assertThat(lab.rows()).containsExactly("a|1|1.0|0", "b|1|1.0|0", "c|1|1.0|0");
  }

  @Test
  void upsertTakesNewerRowsAndChangedOnesOfTheSameTime() {
    merge(
        "one",
        MergeMode.UPSERT,
        row("newer", 1L, 1.0),
        row("older", 5L, 1.0),
        row("changed", 1L, 1.0),
        row("same", 1L, Double.NaN),
        row("null time", null, 1.0),
        row("gone", 1L, 1.0));

    MergeCounts counts =
        merge(
            "two",
            MergeMode.UPSERT,
            row("newer", 2L, 1.0),
            row("older", 4L, 2.0),
            row("changed", 1L, null),
            row("same", 1L, Double.NaN),
            row("null time", -5L, 1.0),
            row("new", null, 1.0));

    assertThat(counts).isEqualTo(MergeCounts.of(1, 3, 0, 2));
    assertThat(lab.rows())
        .containsExactly(
            "changed|1|null|0",
            "gone|1|1.0|0",
            "newer|2|1.0|0",
            "new|null|1.0|0",
            "null time|-5|1.0|0",
            "older|5|1.0|0",
            "same|1|NaN|0");
  }

  @Test
  void historyKeepsEveryVersion() {
    merge("one", MergeMode.HISTORY, row("a", 1L, 1.0), row("a", 2L, 1.0));

    MergeCounts counts = merge("two", MergeMode.HISTORY, row("a", 2L, 7.0), row("a", 3L, 1.0));

    assertThat(counts).isEqualTo(MergeCounts.of(1, 0, 0, 1));
    assertThat(lab.rows()).containsExactly("a|1|1.0|0", "a|2|1.0|0", "a|3|1.0|0");
  }

  @Test
  void replaceMakesTheRowsOfAKeyExactlyTheStagedOnes() {
    merge(
        "one",
        MergeMode.REPLACE,
        row("a", 1L, 1.0),
        row("a", 1L, 1.0),
        row("a", 1L, 2.0),
        row("b", 1L, 1.0),
        row("kept", 1L, 1.0),
        row("other", 1L, 1.0));

    MergeCounts counts =
        merge(
            "two",
            MergeMode.REPLACE,
            row("a", 1L, 1.0),
            row("a", 1L, 3.0),
            row("b", 1L, 1.0),
            row("b", 1L, 1.0),
            row("kept", 1L, 1.0));

    assertThat(counts).isEqualTo(MergeCounts.of(2, 0, 2, 3));
    assertThat(lab.rows())
        .containsExactly(
            "a|1|1.0|0", "a|1|3.0|0", "b|1|1.0|0", "b|1|1.0|0", "kept|1|1.0|0", "other|1|1.0|0");
  }

  @ParameterizedTest
  @EnumSource
  void nullKeysFailBeforeTheTargetIsTouched(MergeMode mode) {
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> merge("one", mode, row(null, 1L, 1.0), row("secret", 1L, 1.0)))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo("null-key");
              assertThat(e.kind()).isEqualTo(FailureKind.PERMANENT);
              assertThat(e.message()).contains("\"id\" (1 rows)").doesNotContain("secret");
            });
    assertThat(Files.exists(Path.of(lab.target))).isFalse();
  }

  @Test
  void nullTimeFailsInHistory() {
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> merge("one", MergeMode.HISTORY, row("a", null, 1.0)))
        .satisfies(e -> assertThat(e.message()).contains("\"ts\" (1 rows)"));
    assertThat(Files.exists(Path.of(lab.target))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = "REPLACE", mode = EnumSource.Mode.EXCLUDE)
  void keysStagedTwiceFailBeforeTheTargetIsTouched(MergeMode mode) {
    LakeSchema view = VIEW;
    StagedTable one = lab.stage(view, rows(row("secret", 1L, 1.0)));
    StagedTable two = lab.stage(view, rows(row("secret", 1L, 2.0), row("b", 1L, 1.0)));

    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> lab.merge(MergeCall.of("one"), lab.spec(view, mode, "id"), one, two))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo("duplicate-key");
              assertThat(e.message()).contains("1 exported rows").doesNotContain("secret");
            });
    assertThat(Files.exists(Path.of(lab.target))).isFalse();
  }

  @Test
  void upsertRefusesATargetWithRepeatedKeys() {
    merge("one", MergeMode.REPLACE, row("a", 1L, 1.0), row("a", 1L, 2.0));

    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> merge("two", MergeMode.UPSERT, row("a", 2L, 1.0)))
        .satisfies(e -> assertThat(e.code()).isEqualTo("target-key-not-unique"));
    assertThat(lab.rows()).containsExactly("a|1|1.0|0", "a|1|2.0|0");
  }

  @ParameterizedTest
  @EnumSource
  void noRowsMakeAnEmptyTableOrChangeNothing(MergeMode mode) {
    merge("one", mode);
    assertThat(lab.rows()).isEmpty();
    assertThat(lab.table().schema().fieldNames())
        .containsExactly("id", "ts", "value", "is_deleted");

    merge("two", mode);
    assertThat(lab.version()).isZero();
  }

  @Test
  void targetGetsMissingColumnsAndKeepsItsOwn() {
    StructType schema =
        new StructType()
            .add("own", StringType.STRING)
            .add("ID", StringType.STRING)
            .add("ts", io.delta.kernel.types.TimestampType.TIMESTAMP);
    lab.create(
        lab.target,
        schema,
        Map.of(),
        rows(row("x", "a", 1L), row("y", "b", 1L), row(null, "c", 1L)));

    MergeCounts counts =
        merge("one", MergeMode.UPSERT, row("a", 2L, 5.0), row("c", 2L, 6.0), row("d", 1L, 7.0));

    assertThat(counts).isEqualTo(MergeCounts.of(1, 2, 0, 0));
    assertThat(lab.table().schema().fieldNames())
        .containsExactly("own", "ID", "ts", "value", "is_deleted");
    assertThat(lab.rows())
        .containsExactly("null|c|2|6.0|0", "null|d|1|7.0|0", "x|a|2|5.0|0", "y|b|1|null|null");
    long version = lab.version();
    merge("two", MergeMode.UPSERT, row("a", 2L, 5.0), row("d", 1L, 7.0));
    assertThat(lab.version()).isEqualTo(version);
  }

  @Test
  void widerTypesOfTheTargetLead() {
    LakeSchema view =
        MergeLab.view(
            column("id", ColumnType.INT),
            column("ts", ColumnType.INT),
            column("price", ColumnType.decimal(5, 2)),
            column("rate", ColumnType.FLOAT));
    StructType schema =
        new StructType()
            .add("id", LongType.LONG)
            .add("ts", DoubleType.DOUBLE)
            .add("price", new DecimalType(20, 4))
            .add("rate", DoubleType.DOUBLE)
            .add("is_deleted", IntegerType.INTEGER);
    lab.create(lab.target, schema, Map.of(), rows(row(1L, 1.0, new BigDecimal("1.5000"), 0.5, 0)));

    MergeCounts counts =
        lab.merge(
            MergeCall.of("one"),
            lab.spec(view, MergeMode.REPLACE, "id"),
            lab.stage(
                view,
                rows(
                    row(1, 1, new BigDecimal("1.50"), 0.5f),
                    row(2, 2, new BigDecimal("2.25"), 0.25f))));

    assertThat(counts).isEqualTo(MergeCounts.of(1, 0, 0, 1));
    assertThat(lab.rows()).containsExactly("1|1.0|1.5000|0.5|0", "2|2.0|2.2500|0.25|0");
  }

  @Test
  void negativeZeroIsZero() {
    merge("one", MergeMode.UPSERT, row("a", 1L, 0.0));
    assertThat(merge("two", MergeMode.UPSERT, row("a", 1L, -0.0)))
        .isEqualTo(MergeCounts.of(0, 0, 0, 1));
  }

  @Test
  void everyTypeCanBeAKey() {
    LakeSchema view =
        MergeLab.view(
            column("b", ColumnType.BOOLEAN),
            column("i", ColumnType.INT),
            column("l", ColumnType.BIGINT),
            column("f", ColumnType.FLOAT),
            column("d", ColumnType.DOUBLE),
            column("n", ColumnType.decimal(30, 3)),
            column("s", ColumnType.STRING),
            column("y", ColumnType.BINARY),
            column("day", ColumnType.DATE),
            column("ts", ColumnType.TIMESTAMP));
    byte[] bytes = {0, 1};
    @Nullable Object[] all = {true, 1, 2L, 3f, 4d, new BigDecimal("5.678"), "é", bytes, 20_000, 7L};
    for (int column = 0; column < all.length; column++) {
      MergeLab one = new MergeLab(folder.resolve("by-" + column));
      String key = view.columns().get(column).name();
      MergeSpec spec = one.spec(view, MergeMode.INSERT, key);
      one.merge(MergeCall.of("one"), spec, one.stage(view, rows(all)));
      assertThat(one.merge(MergeCall.of("two"), spec, one.stage(view, rows(all))))
          .as(key)
          .isEqualTo(MergeCounts.of(0, 0, 0, 1));
    }
  }

  @Test
  void keysOfSeveralColumnsAreNotJoined() {
    LakeSchema view = MergeLab.view(column("a", ColumnType.STRING), column("b", ColumnType.STRING));
    MergeSpec spec = lab.spec(view, MergeMode.INSERT, "a", "b");

    MergeCounts counts =
        lab.merge(MergeCall.of("one"), spec, lab.stage(view, rows(row("x", "yz"), row("xy", "z"))));

    assertThat(counts).isEqualTo(MergeCounts.of(2, 0, 0, 0));
  }

  @Test
  void requiredColumnsOfTheTargetTakeNoNull() {
    StructType schema =
        new StructType().add("id", StringType.STRING).add("value", DoubleType.DOUBLE, false);
    lab.create(lab.target, schema, Map.of(), rows());

    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> merge("one", MergeMode.INSERT, row("a", 1L, null)))
        .satisfies(e -> assertThat(e.code()).isEqualTo("null-in-required-column"));
    assertThat(lab.version()).isZero();
    merge("two", MergeMode.INSERT, row("a", 1L, 1.0));
    assertThat(lab.rows()).containsExactly("a|1.0|1|0");
  }

  @Test
  void receiptsMustTellTheTruth() {
    StagedTable staged = lab.stage(VIEW, rows(row("a", 1L, 1.0)));

    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(
            () ->
                lab.merge(
                    MergeCall.of("one"),
                    lab.spec(VIEW, MergeMode.INSERT, "id"),
                    new StagedTable(staged.path(), 2)))
        .satisfies(e -> assertThat(e.code()).isEqualTo("staging-mismatch"));
    assertThat(Files.exists(Path.of(lab.target))).isFalse();
  }
}
