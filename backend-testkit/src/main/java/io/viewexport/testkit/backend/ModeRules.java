// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.core.plan.ExportPlanner;
import io.viewexport.core.plan.PlanLimits;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What merges do to rows that are there. */
interface ModeRules {
  /** One more column than the usual samples. */
  ViewSchema WIDER =
      new ViewSchema(
          List.of(
              column("id", ColumnType.STRING),
              column("note", ColumnType.STRING),
              column("size", ColumnType.BIGINT),
              column("at", ColumnType.TIMESTAMP)));

  /** What a text was and what it becomes. */
  List<List<@Nullable Object>> CHANGED_NOTES =
      List.of(
          row("a", "a"),
          row("a", "b"),
          row("a", "A"),
          row("a", "a "),
          row("a", ""),
          row("", "a"),
          row("a", null),
          row(null, "a"),
          row("", null),
          row(null, ""),
          row(null, null));

  @ParameterizedTest
  @EnumSource(
      value = MergeMode.class,
      names = {"UPSERT", "HISTORY", "REPLACE"})
  default void b03_aModeThatIsNotListedIsRefused(MergeMode mode, BackendWorld world) {
    if (world.backend.capabilities().contains(Capability.valueOf(mode.name()))) {
      world.runAndCompare(world.export(Samples.keys(0, 5)).mode(mode));
      return;
    }
    world.noteRefused();
    assertRefused(world, world.export(Samples.keys(0, 5)).mode(mode));
  }

  @Test
  default void b03_severalViewsAreExportedOrRefused(BackendWorld world) {
    SampleExport first = world.export(Samples.keys(0, 5)).cut(2);
    SampleExport second = world.export(SampleRows.ofEveryType(7, 1));
    SampleExport third = world.export(Samples.none());
    if (!world.backend.capabilities().contains(Capability.SEVERAL_VIEWS)) {
      world.noteRefused();
      assertRefused(world, first, second);
      return;
    }
    world.job(first, second, third).run(world.backend);
    for (SampleExport export : List.of(first, second, third)) {
      world.assertTarget(export.target(), export.rows(), "after a job of three views");
    }
    world.assertClean("after a job of three views");
  }

  private static void assertRefused(BackendWorld world, SampleExport... exports) {
    ExportPlanner planner =
        new ExportPlanner(
            world.source(),
            Map.of(world.backend.kind(), world.backend),
            new PlanLimits(OptionalInt.empty(), Set.of(), false, 1, false),
            Optional.empty());
    assertThat(catchThrowable(() -> planner.plan(world.request(exports))))
        .as("what planning a request throws that asks for what is not listed")
        .isInstanceOf(ExportRefusedException.class);
  }

  @Test
  default void b03_aNewColumnIsAddedOrRefused(BackendWorld world) {
    if (!world.merges()) {
      return;
    }
    SampleExport narrow = world.export(Samples.keys(0, 3));
    world.runAndCompare(narrow);
    SampleRows wider =
        SampleRows.of(
            WIDER, row("k1", "other", 7L, Samples.NEW), row("k9", "note", 9L, Samples.OLD));
    SampleExport wide = SampleExport.of(narrow.target(), wider);
    if (world.backend.capabilities().contains(Capability.SCHEMA_EVOLUTION)) {
      world.runAndCompare(wide);
    } else {
      world.noteRefused();
      Failures.refused("a column that the target lacks", () -> world.run(wide));
      world.assertTarget(narrow.target(), narrow.rows(), "after a refusal");
    }
  }

  @Test
  default void b20_aSecondExportDoesToTheTargetWhatIsDeclared(BackendWorld world) {
    SampleExport first = world.export(Samples.keys(0, 5));
    SampleExport second = SampleExport.of(first.target(), Samples.keys(3, 8, "new", Samples.NEW));
    world.run(first);
    switch (world.fixture.existingTarget()) {
      case MERGED -> world.assertTarget(first.target(), world.modelled(first), "after the first");
      case REFUSED, APPENDED, REPLACED -> world.noteRefused();
    }
    if (world.fixture.existingTarget() == ExistingTarget.REFUSED) {
      Failures.refused("a target that is there", () -> world.run(second));
    } else {
      world.run(second);
    }
    SampleRows expected =
        switch (world.fixture.existingTarget()) {
          case MERGED -> world.modelled(second);
          case REPLACED -> second.rows();
          case APPENDED -> first.rows().plus(second.rows());
          case REFUSED -> first.rows();
        };
    world.assertTarget(first.target(), expected, "after a second export to it");
  }

  @Test
  default void b20_twoViewsOfAJobAreBothInTheirTargetOrRefused(BackendWorld world) {
    if (!world.backend.capabilities().contains(Capability.SEVERAL_VIEWS)
        || world.fixture.existingTarget() == ExistingTarget.REFUSED) {
      world.noteRefused();
      return;
    }
    SampleExport first = world.export(Samples.keys(0, 4)).cut(2);
    SampleExport second = SampleExport.of(first.target(), Samples.keys(10, 12));
    ManualJob job = world.job(first, second);
    try {
      job.plan(world.backend);
    } catch (ExportRefusedException refused) {
      world.noteRefused();
      return;
    }
    job.run(world.backend);
    boolean replaced = world.fixture.existingTarget() == ExistingTarget.REPLACED;
    world.assertTarget(
        first.target(),
        replaced ? second.rows() : first.rows().plus(second.rows()),
        "after two views of one job were exported to it");
  }

  /** A few keys, versions and notes, in every order that comes up. */
  @ParameterizedTest
  @EnumSource
  default void b20_aRowOfTheTargetIsTreatedAsTheModeSays(MergeMode mode, BackendWorld world) {
    if (!world.modes().contains(mode)) {
      world.noteRefused();
      return;
    }
    if (!world.merges()) {
      return;
    }
    Random random = new Random(7);
    String target = world.newTarget();
    for (int round = 0; round < 6; round++) {
      SampleRows rows = new SampleRows(Samples.SCHEMA, anyRows(mode, random));
      SampleExport export = SampleExport.of(target, rows).mode(mode).cut(1 + round % 3);
      int before = world.rows(target, Samples.SCHEMA).size();
      FinalizeStep.Done done = world.run(export);
      world.assertTarget(target, world.modelled(export), mode + ", round " + round);
      assertAddsUp(done.counts(), rows.size(), world.rows(target, Samples.SCHEMA).size() - before);
    }
  }

  /** Each time that a row can have had with each that it can get, and so the texts. */
  @ParameterizedTest
  @EnumSource
  default void b20_everyChangeOfARowIsTreatedAsTheModeSays(MergeMode mode, BackendWorld world) {
    if (!world.modes().contains(mode)) {
      world.noteRefused();
      return;
    }
    if (!world.merges()) {
      return;
    }
    List<@Nullable Instant> times =
        new ArrayList<>(List.of(Samples.OLD, Samples.OLD.plusNanos(1000), Samples.NEW));
    if (mode != MergeMode.HISTORY) {
      times.add(null);
    }
    List<List<@Nullable Object>> before = new ArrayList<>(Samples.keys(0, 2).rows());
    List<List<@Nullable Object>> after = new ArrayList<>(Samples.keys(1000, 1002).rows());
    for (@Nullable Instant was : times) {
      for (@Nullable Instant is : times) {
        for (List<@Nullable Object> notes : CHANGED_NOTES) {
          String id = "k" + (2 + before.size());
          before.add(row(id, notes.get(0), was));
          after.add(row(id, notes.get(1), is));
        }
      }
    }
    SampleExport first = world.export(new SampleRows(Samples.SCHEMA, before)).mode(mode);
    SampleExport second =
        SampleExport.of(first.target(), new SampleRows(Samples.SCHEMA, after)).mode(mode).cut(2);
    world.runAndCompare(first, second);
  }

  private static void assertAddsUp(MergeCounts counts, long exported, long grown) {
    if (counts.inserted().isPresent() && counts.deleted().isPresent()) {
      assertThat(counts.inserted().getAsLong() - counts.deleted().getAsLong())
          .as("rows inserted less rows deleted: %s", counts)
          .isEqualTo(grown);
    }
    if (counts.inserted().isPresent()
        && counts.updated().isPresent()
        && counts.unchanged().isPresent()) {
      assertThat(
              counts.inserted().getAsLong()
                  + counts.updated().getAsLong()
                  + counts.unchanged().getAsLong())
          .as("rows inserted, updated and unchanged: %s", counts)
          .isEqualTo(exported);
    }
  }

  private static List<List<@Nullable Object>> anyRows(MergeMode mode, Random random) {
    Instant[] times = {Samples.OLD, Samples.OLD.plusNanos(1000), Samples.NEW};
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Set<Object> taken = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      String id = "k" + random.nextInt(8);
      boolean noTime = mode != MergeMode.HISTORY && random.nextInt(4) == 0;
      Instant at = noTime ? null : times[random.nextInt(times.length)];
      String note = random.nextInt(4) == 0 ? null : "note " + random.nextInt(3);
      Object key = mode == MergeMode.HISTORY ? List.of(id, String.valueOf(at)) : id;
      if (mode == MergeMode.REPLACE || taken.add(key)) {
        rows.add(row(id, note, at));
      }
    }
    return rows;
  }

  @Test
  default void b20_columnsThatOnlyTheTargetHasAreKept(BackendWorld world) {
    if (!world.merges()) {
      return;
    }
    for (MergeMode mode : world.modes()) {
      SampleRows before =
          SampleRows.of(WIDER, row("k1", "a", 1L, Samples.OLD), row("k2", "b", 2L, Samples.OLD));
      SampleExport wide = world.export(before);
      world.runAndCompare(wide);
      SampleExport narrow =
          SampleExport.of(
                  wide.target(),
                  Samples.rows(row("k1", "new", Samples.NEW), row("k3", "new", Samples.NEW)))
              .mode(mode);
      world.run(narrow);
      world.assertTarget(
          wide.target(), world.modelled(narrow, WIDER), "all its columns, after " + mode);
    }
  }

  @Test
  default void b20_anExportOfNoRowsLeavesTheTargetAsItIs(BackendWorld world) {
    if (!world.merges()) {
      return;
    }
    SampleExport first = world.export(Samples.keys(0, 5));
    world.run(first);
    for (MergeMode mode : world.modes()) {
      world.run(SampleExport.of(first.target(), Samples.none()).mode(mode).cut(2));
      world.assertTarget(first.target(), first.rows(), "after no rows in mode " + mode);
    }
  }

  @Test
  default void b21_countsAddUpToTheRowsExported(BackendWorld world) {
    SampleExport first = world.export(Samples.keys(0, 7)).cut(2);
    assertCounts(world.run(first).counts(), world.runModel(first).counts(), "first export");
    if (!world.merges()) {
      return;
    }
    for (MergeMode mode : world.modes()) {
      SampleRows rows =
          Samples.keys(0, 2)
              .plus(Samples.keys(2, 4, "new", Samples.NEW))
              .plus(Samples.keys(20, 23));
      SampleExport base = world.export(Samples.keys(0, 5));
      world.run(base);
      world.runModel(base);
      SampleExport second = SampleExport.of(base.target(), rows).mode(mode);
      assertCounts(
          world.run(second).counts(), world.runModel(second).counts(), "second export, " + mode);
    }
  }

  private static void assertCounts(MergeCounts found, MergeCounts expected, String when) {
    assertCount(found.inserted(), expected.inserted(), "inserted, " + when);
    assertCount(found.updated(), expected.updated(), "updated, " + when);
    assertCount(found.deleted(), expected.deleted(), "deleted, " + when);
    assertCount(found.unchanged(), expected.unchanged(), "unchanged, " + when);
  }

  private static void assertCount(OptionalLong found, OptionalLong expected, String what) {
    if (found.isPresent()) {
      assertThat(found).as(what).isEqualTo(expected);
    }
  }
}
