// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The merge against a plain model of it, in one pass and in many. */
class MergeModelTest {
  private static final LakeSchema VIEW =
      MergeLab.view(
          column("id", ColumnType.STRING),
          column("part", ColumnType.INT),
          column("ts", ColumnType.BIGINT),
          column("value", ColumnType.DOUBLE));
  private static final MergeSettings TINY = new MergeSettings(1000, 200, 3);

  @Property(tries = 25)
  void mergesLikeTheModel(@ForAll MergeMode mode, @ForAll long seed) throws IOException {
    Path folder = Files.createTempDirectory("merge-model");
    try {
      check(folder, mode, new Random(seed));
    } finally {
      delete(folder);
    }
  }

  @Example
  void theModelItselfTellsModesApart() {
    List<@Nullable Object[]> old = List.<@Nullable Object[]>of(new Object[] {"a", 1, 1L, 1.0});
    List<@Nullable Object[]> now = List.<@Nullable Object[]>of(new Object[] {"a", 1, 2L, 2.0});
    assertThat(text(model(MergeMode.INSERT, old, now))).containsExactly("a|1|1|1.0|0");
    assertThat(text(model(MergeMode.UPSERT, old, now))).containsExactly("a|1|2|2.0|0");
    assertThat(model(MergeMode.HISTORY, old, now)).hasSize(2);
  }

  private static void check(Path folder, MergeMode mode, Random random) {
    MergeLab lab = new MergeLab(folder);
    List<@Nullable Object[]> expected = List.of();
    for (int job = 0; job < 3; job++) {
      List<@Nullable Object[]> staged = randomRows(mode, random);
      expected = model(mode, expected, staged);
      MergeSettings settings = random.nextBoolean() ? TINY : MergeLab.SETTINGS;
      int cut = random.nextInt(staged.size() + 1);
      StagedTable[] tables = {
        lab.stage(VIEW, staged.subList(0, cut)), lab.stage(VIEW, staged.subList(cut, staged.size()))
      };
      MergeSpec spec = lab.spec(VIEW, mode, "id", "part");
      lab.merge(MergeCall.of("job" + job), spec, settings, tables);
      assertThat(lab.rows()).isEqualTo(text(expected));
      var files = lab.fileNames();
      lab.merge(MergeCall.of("again" + job), spec, settings, tables);
      assertThat(lab.fileNames()).isEqualTo(files);
    }
  }

  private static List<@Nullable Object[]> randomRows(MergeMode mode, Random random) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    int count = random.nextInt(30);
    for (int i = 0; i < count; i++) {
      @Nullable Object[] row = {
        "k" + random.nextInt(12),
        random.nextInt(2),
        mode != MergeMode.HISTORY && random.nextInt(4) == 0
            ? null
            : (Long) (long) random.nextInt(3),
        random.nextInt(4) == 0 ? null : (Double) (double) random.nextInt(2)
      };
      if (mode == MergeMode.REPLACE || rows.stream().noneMatch(r -> sameKey(mode, r, row))) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static boolean sameKey(MergeMode mode, @Nullable Object[] a, @Nullable Object[] b) {
    return Objects.equals(a[0], b[0])
        && Objects.equals(a[1], b[1])
        && (mode != MergeMode.HISTORY || Objects.equals(a[2], b[2]));
  }

  private static List<@Nullable Object[]> model(
      MergeMode mode, List<@Nullable Object[]> target, List<@Nullable Object[]> staged) {
    List<@Nullable Object[]> result = new ArrayList<>(target);
    if (mode == MergeMode.REPLACE) {
      result.removeIf(old -> staged.stream().anyMatch(row -> sameKey(mode, old, row)));
      result.addAll(staged);
      return result;
    }
    for (@Nullable Object[] row : staged) {
      @Nullable Object[] old =
          result.stream().filter(r -> sameKey(mode, r, row)).findFirst().orElse(null);
      if (old == null) {
        result.add(row);
      } else if (mode == MergeMode.UPSERT) {
        int order =
            Objects.compare(
                (Long) row[2], (Long) old[2], Comparator.nullsFirst(Comparator.naturalOrder()));
        if (order > 0 || (order == 0 && !Arrays.equals(row, old))) {
          result.remove(old);
          result.add(row);
        }
      }
    }
    return result;
  }

  private static List<String> text(List<@Nullable Object[]> rows) {
    return rows.stream()
        .map(row -> row[0] + "|" + row[1] + "|" + row[2] + "|" + row[3] + "|0")
        .sorted()
        .toList();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
