// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeCrashTest {
  private static final LakeSchema VIEW =
      MergeLab.view(
          column("id", ColumnType.STRING),
          column("ts", ColumnType.BIGINT),
          column("value", ColumnType.DOUBLE));
  private static final StructType OLD =
      new StructType()
          .add("id", StringType.STRING)
          .add("ts", LongType.LONG)
          .add("value", DoubleType.DOUBLE);

  @TempDir Path folder;

  private static List<@Nullable Object[]> rows(@Nullable Object[]... rows) {
    return List.of(rows);
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  /** A target that lacks a column, with one row to update, and staging. */
  private static StagedTable prepare(MergeLab lab, boolean exists) {
    if (exists) {
      lab.create(lab.target, OLD, Map.of(), rows(row("a", 1L, 1.0), row("b", 1L, 1.0)));
    }
    return lab.stage(VIEW, rows(row("b", 2L, 2.0), row("c", 1L, 3.0)));
  }

  @ParameterizedTest
  @CsvSource({"DEAD,true", "DEAD,false", "ANSWER_LOST,true", "ANSWER_LOST,false"})
  void afterAFailureAtAnyStepTheNextAttemptLeavesTheSameRows(BrokenFileIo.How how, boolean exists) {
    MergeLab clean = new MergeLab(folder.resolve("clean"));
    clean.merge(
        MergeCall.of("job"), clean.spec(VIEW, MergeMode.UPSERT, "id"), prepare(clean, exists));
    List<String> expected = clean.rows();

    int failing = 1;
    boolean reached = true;
    while (reached) {
      Path place = folder.resolve(how + "-" + failing);
      MergeLab lab = new MergeLab(place);
      StagedTable staged = prepare(lab, exists);
      AtomicInteger calls = new AtomicInteger();
      int call = failing;
      MergeLab breaking = new MergeLab(place, io -> new BrokenFileIo(io, how, call, calls));
      MergeCall first = MergeCall.of("job");
      try {
        breaking.merge(first, lab.spec(VIEW, MergeMode.UPSERT, "id"), staged);
      } catch (ExportException e) {
        assertThat(e.kind()).as(e.message()).isNotNull();
      }
      reached = calls.get() >= failing;

      MergeCounts counts = lab.merge(first.next(), lab.spec(VIEW, MergeMode.UPSERT, "id"), staged);

      assertThat(lab.rows()).as("call %s", failing).isEqualTo(expected);
      assertThat(counts)
          .as("call %s", failing)
          .isEqualTo(exists ? MergeCounts.of(1, 1, 0, 0) : MergeCounts.of(2, 0, 0, 0));
      lab.removeOrphans("job");
      assertThat(lab.unreferenced())
          .as("call %s", failing)
          .noneMatch(file -> file.contains("viewexport-"));
      failing++;
    }
    assertThat(failing).isGreaterThan(10);
  }

  @Test
  void aReplayFindsItsCommit() {
    MergeLab lab = new MergeLab(folder);
    StagedTable staged = prepare(lab, true);
    MergeSpec spec = lab.spec(VIEW, MergeMode.UPSERT, "id");
    MergeCall first = MergeCall.of("job");
    lab.merge(first, spec, staged);
    long version = lab.version();

    assertThat(lab.merge(first.next(), spec, staged)).isEqualTo(MergeCounts.of(1, 1, 0, 0));
    assertThat(lab.merge(MergeCall.of("job"), spec, staged)).isEqualTo(MergeCounts.UNKNOWN);
    assertThat(lab.version()).isEqualTo(version);
    assertThat(
            new InProcessMerge(lab.storage, MergeLab.SETTINGS)
                .run(first.withdraw(), spec, () -> List.of(staged)))
        .isInstanceOf(FinalizeStep.Done.class);
  }

  @Test
  void withdrawingWritesNothing() {
    MergeLab lab = new MergeLab(folder);
    StagedTable staged = prepare(lab, true);
    MergeSpec spec = lab.spec(VIEW, MergeMode.UPSERT, "id");

    assertThat(
            new InProcessMerge(lab.storage, MergeLab.SETTINGS)
                .run(MergeCall.of("job").withdraw(), spec, () -> List.of(staged)))
        .isEqualTo(new FinalizeStep.Withdrawn());
    assertThat(lab.version()).isZero();
    assertThat(lab.unreferenced()).isEmpty();
  }

  @Test
  void aStopBeforeTheCommitLeavesTheTarget() {
    MergeLab lab = new MergeLab(folder);
    StagedTable staged = prepare(lab, true);
    MergeCall call = MergeCall.of("job");

    assertThatExceptionOfType(ExportStoppedException.class)
        .isThrownBy(
            () ->
                lab.merge(
                    call.onCheckpoint(call::stopNow),
                    lab.spec(VIEW, MergeMode.UPSERT, "id"),
                    staged));

    assertThat(lab.version()).isZero();
    assertThat(lab.unreferenced()).isEmpty();
  }

  @Test
  void anAppendBetweenReadingAndCommittingDoublesNoRow() {
    MergeLab lab = new MergeLab(folder);
    LakeSchema view = VIEW;
    MergeSpec spec = lab.spec(view, MergeMode.INSERT, "id");
    lab.merge(MergeCall.of("zero"), spec, lab.stage(view, rows(row("a", 1L, 1.0))));
    List<Boolean> done = new ArrayList<>();
    MergeCall call =
        MergeCall.of("one")
            .onCheckpoint(
                () -> {
                  if (done.isEmpty()) {
                    done.add(true);
                    lab.append(rows(row("b", 9L, 9.0, 0)));
                  }
                });

    MergeCounts counts =
        lab.merge(call, spec, lab.stage(view, rows(row("b", 1L, 1.0), row("c", 1L, 1.0))));

    assertThat(counts).isEqualTo(MergeCounts.of(1, 0, 0, 1));
    assertThat(lab.rows()).containsExactly("a|1|1.0|0", "b|9|9.0|0", "c|1|1.0|0");
    assertThat(lab.unreferenced()).isEmpty();
  }

  @Test
  void aTargetThatAlwaysChangesIsBusy() {
    MergeLab lab = new MergeLab(folder);
    MergeSpec spec = lab.spec(VIEW, MergeMode.INSERT, "id");
    lab.merge(MergeCall.of("zero"), spec, lab.stage(VIEW, rows()));
    MergeCall call = MergeCall.of("one").onCheckpoint(() -> lab.append(rows(row("x", 1L, 1.0, 0))));

    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> lab.merge(call, spec, lab.stage(VIEW, rows(row("a", 1L, 1.0)))))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo("target-busy");
              assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE);
            });
    assertThat(lab.unreferenced()).isEmpty();
  }

  @Test
  void cleanUpDeletesOnlyFilesOfItsViewThatNoLogNames() throws Exception {
    MergeLab lab = new MergeLab(folder);
    MergeSpec spec = lab.spec(VIEW, MergeMode.REPLACE, "id");
    lab.merge(MergeCall.of("job"), spec, lab.stage(VIEW, rows(row("a", 1L, 1.0))));
    lab.merge(MergeCall.of("other"), spec, lab.stage(VIEW, rows(row("a", 1L, 2.0))));
    int logged = lab.dataFiles().size();
    for (String name :
        List.of(
            "viewexport-job.v0.a1.7-00.parquet",
            "viewexport-job.v1.a1.7-00.parquet",
            "viewexport-job-v0.v0.a1.7-00.parquet",
            "part-00.parquet")) {
      java.nio.file.Files.writeString(Path.of(lab.target, name), "x");
    }

    lab.removeOrphans("job");

    assertThat(logged).isEqualTo(2);
    assertThat(lab.dataFiles())
        .hasSize(logged + 3)
        .noneMatch(file -> file.endsWith("viewexport-job.v0.a1.7-00.parquet"));
  }
}
