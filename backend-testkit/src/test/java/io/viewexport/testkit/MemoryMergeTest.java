// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryMergeTest {
  private static final ViewSchema VIEW =
      new ViewSchema(
          List.of(
              column("id", ColumnType.STRING),
              column("at", ColumnType.BIGINT),
              column("x", ColumnType.INT)));
  private static final ViewSchema TARGET =
      new ViewSchema(
          List.of(
              column("own", ColumnType.STRING),
              column("id", ColumnType.STRING),
              column("at", ColumnType.BIGINT)));

  @Test
  void insertAddsUnknownKeysAndTheViewsColumns() {
    MemoryMerge.Result result =
        merge(
            MergeMode.INSERT,
            SampleRows.of(TARGET, row("mine", "a", 1L)),
            SampleRows.of(VIEW, row("a", 2L, 5), row("b", 2L, 6)));

    assertThat(result.rows().rows())
        .containsExactly(row("mine", "a", 1L, null), row(null, "b", 2L, 6));
    assertThat(result.counts()).isEqualTo(MergeCounts.of(1, 0, 0, 1));
  }

  @Test
  void upsertTakesNewerRowsAndDifferentOnesOfTheSameTime() {
    MemoryMerge.Result result =
        merge(
            MergeMode.UPSERT,
            SampleRows.of(
                VIEW,
                row("newer", 1L, 1),
                row("older", 3L, 1),
                row("same", 1L, 1),
                row("differs", 1L, 1),
                row("timeless", null, 1),
                row("untouched", 1L, 1)),
            SampleRows.of(
                VIEW,
                row("newer", 2L, 1),
                row("older", 2L, 9),
                row("same", 1L, 1),
                row("differs", 1L, null),
                row("timeless", 1L, 1),
                row("added", null, 1)));

    assertThat(result.rows().rows())
        .containsExactly(
            row("newer", 2L, 1),
            row("older", 3L, 1),
            row("same", 1L, 1),
            row("differs", 1L, null),
            row("timeless", 1L, 1),
            row("untouched", 1L, 1),
            row("added", null, 1));
    assertThat(result.counts()).isEqualTo(MergeCounts.of(1, 3, 0, 2));
  }

  @Test
  void upsertTakesNoTimeForTheOldest() {
    MemoryMerge.Result result =
        merge(
            MergeMode.UPSERT,
            SampleRows.of(
                VIEW,
                row("had one", -5L, 1),
                row("gets one", null, 1),
                row("differs", null, 1),
                row("same", null, 1)),
            SampleRows.of(
                VIEW,
                row("had one", null, 9),
                row("gets one", -5L, 9),
                row("differs", null, 9),
                row("same", null, 1)));

    assertThat(result.rows().rows())
        .containsExactly(
            row("had one", -5L, 1),
            row("gets one", -5L, 9),
            row("differs", null, 9),
            row("same", null, 1));
    assertThat(result.counts()).isEqualTo(MergeCounts.of(0, 2, 0, 2));
  }

  @Test
  void upsertKeepsTheTargetsOwnColumnsAndRefusesDoubleKeys() {
    SampleRows view = SampleRows.of(VIEW, row("a", 2L, 5));

    assertThat(
            merge(MergeMode.UPSERT, SampleRows.of(TARGET, row("mine", "a", 1L)), view)
                .rows()
                .rows())
        .containsExactly(row("mine", "a", 2L, 5));
    SampleRows doubled = SampleRows.of(TARGET, row("1", "a", 1L), row("2", "a", 1L));
    assertThatThrownBy(() -> merge(MergeMode.UPSERT, doubled, view))
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.code()).isEqualTo("target-key-not-unique"));
  }

  @Test
  void historyKeepsEveryVersion() {
    MemoryMerge.Result result =
        merge(
            MergeMode.HISTORY,
            SampleRows.of(VIEW, row("a", 1L, 1)),
            SampleRows.of(VIEW, row("a", 1L, 9), row("a", 2L, 2)));

    assertThat(result.rows().rows()).containsExactly(row("a", 1L, 1), row("a", 2L, 2));
    assertThat(result.counts()).isEqualTo(MergeCounts.of(1, 0, 0, 1));
  }

  @Test
  void replaceMakesTheRowsOfAKeyExactlyTheStagedOnes() {
    MemoryMerge.Result result =
        merge(
            MergeMode.REPLACE,
            SampleRows.of(
                VIEW,
                row("gone", 1L, 1),
                row("gone", 1L, 2),
                row("equal", 1L, 1),
                row("equal", 1L, 2),
                row("untouched", 1L, 1)),
            SampleRows.of(
                VIEW,
                row("equal", 1L, 2),
                row("equal", 1L, 1),
                row("gone", 1L, 2),
                row("gone", 1L, 2)));

    assertThat(result.rows().rows())
        .containsExactly(
            row("equal", 1L, 1),
            row("equal", 1L, 2),
            row("untouched", 1L, 1),
            row("gone", 1L, 2),
            row("gone", 1L, 2));
    assertThat(result.counts()).isEqualTo(MergeCounts.of(2, 0, 2, 2));
  }

  @ParameterizedTest
  @EnumSource(MergeMode.class)
  void aSecondRunChangesNothing(MergeMode mode) {
    SampleRows rows = SampleRows.generate(VIEW, 40, 3).where(row -> row.get(1) != null);
    SampleRows once = merge(mode, null, rows).rows();

    MemoryMerge.Result twice = merge(mode, once, rows);

    assertThat(twice.rows()).isEqualTo(once);
    assertThat(twice.counts()).isEqualTo(MergeCounts.of(0, 0, 0, rows.size()));
  }

  private static MemoryMerge.Result merge(
      MergeMode mode, @Nullable SampleRows target, SampleRows staged) {
    ViewSettings settings =
        ViewOptions.builder()
            .timestampColumn("at")
            .mergeMode(mode)
            .build()
            .resolve(ViewOptions.UNSET);
    return MemoryMerge.merge(target, staged, settings);
  }
}
