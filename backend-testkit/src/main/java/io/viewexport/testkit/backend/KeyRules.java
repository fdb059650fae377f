// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How keys are checked and compared. */
interface KeyRules {
  /** A key of two texts. */
  ViewSchema PAIR =
      new ViewSchema(
          List.of(
              column("a", ColumnType.STRING),
              column("b", ColumnType.STRING),
              column("note", ColumnType.STRING)));

  @ParameterizedTest
  @EnumSource
  default void b09_nullInAKeyFailsForGood(MergeMode mode, BackendWorld world) {
    SampleRows rows =
        Samples.keys(0, 3)
            .plus(Samples.rows(row(null, "Jane", Samples.OLD)))
            .plus(Samples.keys(3, 5));
    assertKeysRefused(world, mode, rows, rows);
  }

  @Test
  default void b09_nullInTheTimeOfHistoryFailsForGood(BackendWorld world) {
    SampleRows rows = Samples.keys(0, 3).plus(Samples.rows(row("k9", "Jane", null)));
    assertKeysRefused(world, MergeMode.HISTORY, rows, rows);
  }

  @ParameterizedTest
  @EnumSource
  default void b09_aKeyExportedTwiceFailsForGood(MergeMode mode, BackendWorld world) {
    SampleRows rows = Samples.keys(0, 3).plus(Samples.rows(row("k1", "Jane", Samples.OLD)));
    assertKeysRefused(world, mode, rows, rows);
  }

  /** Rows of one key may be in two chunks: they were read under different snapshots. */
  @ParameterizedTest
  @EnumSource
  default void b09_aKeyInTwoChunksFailsForGood(MergeMode mode, BackendWorld world) {
    assertKeysRefused(
        world, mode, Samples.keys(0, 3), Samples.rows(row("k1", "Jane", Samples.OLD)));
  }

  private static void assertKeysRefused(
      BackendWorld world, MergeMode mode, SampleRows first, SampleRows second) {
    if (!world.modes().contains(mode) || !world.merges()) {
      world.noteRefused();
      return;
    }
    SampleExport before = world.export(Samples.keys(1, 2));
    world.run(before);
    boolean same = first.equals(second);
    SampleExport export =
        SampleExport.of(before.target(), first.plus(second)).mode(mode).cut(same ? 1 : 2);
    ManualJob job = world.job(export);
    job.plan(world.backend);
    job.setup(world.backend, 0);
    world.reading(cursor -> first.open());
    job.chunk(world.backend, 0, 0);
    if (!same) {
      world.reading(cursor -> second.open());
      job.chunk(world.backend, 0, 1);
    }
    world.reading(cursor -> cursor);
    boolean doubledAlone = first.column("id").stream().noneMatch(id -> id == null);
    if (mode == MergeMode.REPLACE && doubledAlone) {
      job.merge(world.backend, 0);
      world.assertTarget(
          before.target(),
          same ? first : first.plus(second),
          "after several rows of one key in mode replace");
      return;
    }
    for (int again = 0; again < 2; again++) {
      ExportException failure =
          Failures.permanent(
              "keys in mode " + mode + " that name no single row",
              () -> job.merge(world.backend, 0));
      assertThat(failure.message()).as("message").doesNotContain("Jane", "k1");
      world.assertTarget(before.target(), before.rows(), "after keys were refused");
    }
    job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.NOT_MERGED);
    world.assertClean("after keys were refused");
  }

  /** Keys that programs take for the same. */
  @Test
  default void b09_keysThatDifferInAnyCharacterAreDifferent(BackendWorld world) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String id :
        new String[] {
          "a",
          "A",
          "a ",
          " a",
          "a\t",
          "",
          " ",
          "0",
          "00",
          "0.0",
          "1",
          "01",
          "null",
          "NULL",
          "\u00E9",
          "e\u0301",
          "\u00E4",
          "ss",
          "\u00DF",
          "\u0130",
          "i",
          "I",
          "\u0131",
          "a\\",
          "a'",
          "a\"",
          "a\u200B",
          "a/b",
          "a%2Fb",
          "\uD83D\uDE00",
          "\uD83D\uDE01",
          "AaAa",
          "BBBB",
          "AaBB"
        }) {
      rows.add(row(id, "first", Samples.OLD));
    }
    SampleExport export = world.export(new SampleRows(Samples.SCHEMA, rows));
    world.run(export);
    world.assertTarget(export.target(), export.rows(), "with keys that look alike");
    if (world.merges()) {
      world.modelled(export);
      for (MergeMode mode : world.modes()) {
        world.runAndCompare(SampleExport.of(export.target(), export.rows()).mode(mode));
      }
    }
  }

  @Test
  default void b09_aKeyOfSeveralColumnsIsComparedColumnByColumn(BackendWorld world) {
    SampleRows rows =
        SampleRows.of(
            PAIR,
            row("a", "bc", "1"),
            row("ab", "c", "2"),
            row("abc", "", "3"),
            row("", "abc", "4"),
            row("a,b", "c", "5"),
            row("a", "b,c", "6"),
            row("a|b", "c", "7"),
            row("a", "b|c", "8"),
            row("bc", "a", "9"),
            row("a\u0000b".replace('\u0000', '\u0001'), "c", "10"),
            row("a", "b\u0001c", "11"));
    SampleExport export = world.export(rows).key("a", "b");
    world.run(export);
    world.assertTarget(export.target(), rows, "with a key of two columns");
    if (world.merges()) {
      world.modelled(export);
      world.runAndCompare(
          SampleExport.of(
                  export.target(), SampleRows.of(PAIR, row("a", "c", "12"), row("ab", "c", "x")))
              .key("a", "b"));
      ManualJob job =
          world
              .job(
                  SampleExport.of(
                          export.target(),
                          SampleRows.of(PAIR, row("z", "c", "13"), row("z", null, "x")))
                      .key("a", "b"))
              .stage(world.backend);
      Failures.permanent("NULL in the second key column", () -> job.merge(world.backend, 0));
    }
  }

  /** Each type that can be a key. */
  @Test
  default void b09_keysOfEveryTypeAreComparedByValue(BackendWorld world) {
    for (ViewColumn column : SampleRows.EVERY_TYPE.columns()) {
      if (isKey(column.type())) {
        ViewSchema schema =
            new ViewSchema(
                List.of(column("key", column.type()), column("note", ColumnType.STRING)));
        SampleRows rows = SampleRows.generate(schema, 9, 3);
        SampleExport export = world.export(rows).key("key").cut(2);
        if (!world.merges()) {
          world.run(export);
          world.assertTarget(export.target(), rows, "with a key of type " + column.type());
          continue;
        }
        world.runAndCompare(export);
        SampleExport more =
            SampleExport.of(export.target(), SampleRows.generate(schema, 14, 4)).key("key");
        world.runAndCompare(
            world.modes().contains(MergeMode.REPLACE) ? more.mode(MergeMode.REPLACE) : more);
      }
    }
  }

  private static boolean isKey(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN, FLOAT, DOUBLE -> false;
      case INT, BIGINT, DECIMAL, STRING, BINARY, DATE, TIMESTAMP -> true;
    };
  }
}
