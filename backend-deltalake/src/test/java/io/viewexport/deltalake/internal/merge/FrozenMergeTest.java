// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.testing.FaultyFileIO;
import io.viewexport.deltalake.testing.Freezer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A worker is frozen after each of its questions whether it may go on, the one between a commit's
 * hidden file and its name among them; a later attempt decides; then the worker goes on.
 */
class FrozenMergeTest {
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

  enum Target {
    WHOLE,
    WITHOUT_A_COLUMN,
    ABSENT
  }

  enum Successor {
    WITHDRAWS,
    MERGES,
    FAILS,
    CLEANS_UP
  }

  private static StagedTable prepare(MergeLab lab, Target target) {
    switch (target) {
      case WHOLE ->
          lab.create(lab.target, VIEW.deltaSchema(), Map.of(), rows(row("a", 1L, 1.0, 0)));
      case WITHOUT_A_COLUMN ->
          lab.create(lab.target, OLD, Map.of(), rows(row("a", 1L, 1.0), row("b", 1L, 1.0)));
      case ABSENT -> assertThat(lab.dataFiles()).isEmpty();
    }
    return lab.stage(VIEW, rows(row("b", 2L, 2.0), row("c", 1L, 3.0)));
  }

  private static List<@Nullable Object[]> rows(@Nullable Object[]... rows) {
    return List.of(rows);
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return Arrays.copyOf(values, values.length);
  }

  @ParameterizedTest
  @CsvSource({
    "WHOLE,WITHDRAWS,1",
    "WHOLE,MERGES,1",
    "WHOLE,FAILS,1",
    "WITHOUT_A_COLUMN,WITHDRAWS,2",
    "WITHOUT_A_COLUMN,MERGES,2",
    "ABSENT,WITHDRAWS,2",
    "ABSENT,MERGES,2",
    "ABSENT,CLEANS_UP,2"
  })
  void aFrozenWorkerChangesNothingOnceAnotherHasDecided(
      Target target, Successor successor, int commits) {
    MergeLab clean = new MergeLab(folder.resolve("clean"));
    StagedTable whole = prepare(clean, target);
    List<String> before = rows(clean);
    clean.merge(MergeCall.of("job"), spec(clean), whole);
    List<String> after = rows(clean);

    List<Integer> beforeLink = new ArrayList<>();
    boolean froze = true;
    for (int question = 1; froze; question++) {
      MergeLab lab = new MergeLab(folder.resolve("at-" + question));
      StagedTable staged = prepare(lab, target);
      Freezer freezer = Freezer.at(question);
      MergeCall first = MergeCall.of("job").stoppedBy(freezer);
      froze = freezer.freezes(() -> lab.merge(first, spec(lab), staged));
      if (isBeforeLink(lab)) {
        beforeLink.add(question);
      }

      boolean merged = isMerged(lab, successor, first, staged);
      lab.removeOrphans("job");
      Map<String, String> files = files(lab);
      Set<String> directories = directories(lab);
      Optional<Throwable> thrown = freezer.thaw();

      assertThat(files(lab)).as("question %s", question).isEqualTo(files);
      assertThat(directories).as("question %s", question).containsAll(directories(lab));
      assertThat(rows(lab)).as("question %s", question).isEqualTo(merged ? after : before);
      if (!merged) {
        assertThat(thrown).get().isInstanceOf(ExportStoppedException.class);
      }
    }
    assertThat(beforeLink).hasSizeGreaterThanOrEqualTo(commits);
  }

  @Test
  void aCommitThatLandsJustBeforeItIsFencedIsFound() {
    boolean found = false;
    for (int question = 1; !found; question++) {
      Path place = folder.resolve("at-" + question);
      MergeLab lab = new MergeLab(place);
      StagedTable staged = prepare(lab, Target.WHOLE);
      Freezer freezer = Freezer.at(question);
      MergeCall first = MergeCall.of("job").stoppedBy(freezer);
      freezer.freezes(() -> lab.merge(first, spec(lab), staged));
      found = isBeforeLink(lab);
      if (found) {
        MergeLab later = new MergeLab(place, io -> new ThawingBeforeDelete(io, freezer));
        FinalizeStep step =
            new InProcessMerge(later.storage, MergeLab.SETTINGS)
                .run(first.withdraw(), spec(lab), List::of);
        assertThat(step).isInstanceOf(FinalizeStep.Done.class);
      }
      freezer.thaw();
    }
  }

  /** Lets the frozen worker commit right before its hidden file would be deleted. */
  private static final class ThawingBeforeDelete extends FaultyFileIO {
    private final Freezer freezer;

    ThawingBeforeDelete(FileIO io, Freezer freezer) {
      super(io);
      this.freezer = freezer;
    }

    @Override
    public boolean delete(String path) throws IOException {
      freezer.thaw();
      return super.delete(path);
    }
  }

  /** Lets the successor decide; says whether the rows are in the target, as it found. */
  private static boolean isMerged(
      MergeLab lab, Successor successor, MergeCall first, StagedTable staged) {
    InProcessMerge merge = new InProcessMerge(lab.storage, MergeLab.SETTINGS);
    return switch (successor) {
      case WITHDRAWS ->
          merge.run(first.withdraw(), spec(lab), () -> List.of(staged))
              instanceof FinalizeStep.Done;
      case MERGES ->
          merge.run(first.next(), spec(lab), () -> List.of(staged)) instanceof FinalizeStep.Done;
      case FAILS -> {
        ExportException failure = ExportException.permanent("staging-missing", "Gone.", null);
        try {
          FinalizeStep step =
              merge.run(
                  first.next(),
                  spec(lab),
                  () -> {
                    throw failure;
                  });
          yield step instanceof FinalizeStep.Done;
        } catch (ExportException e) {
          assertThat(e).isSameAs(failure);
          yield false;
        }
      }
      case CLEANS_UP -> {
        TargetFiles.findOutcome(lab.storage, lab.target, new JobId("job"), 0);
        yield !rows(lab).isEmpty();
      }
    };
  }

  private static MergeSpec spec(MergeLab lab) {
    return lab.spec(VIEW, MergeMode.UPSERT, "id");
  }

  private static List<String> rows(MergeLab lab) {
    List<String> rows = lab.version() < 0 ? List.of() : lab.rows();
    // A column that was added before all was decided stays, and is empty.
    return rows.stream().map(row -> row.replaceFirst("\\|null$", "")).toList();
  }

  /** Whether a commit is ready and has no name yet. */
  private static boolean isBeforeLink(MergeLab lab) {
    return files(lab).keySet().stream()
        .anyMatch(file -> file.startsWith("_delta_log/.viewexport-job.v0.a1."));
  }

  /** The files in the target, and what is in them. */
  private static Map<String, String> files(MergeLab lab) {
    Map<String, String> found = new TreeMap<>();
    for (Path file : below(lab)) {
      if (Files.isRegularFile(file)) {
        found.put(Path.of(lab.target).relativize(file).toString(), digest(file));
      }
    }
    return found;
  }

  private static String digest(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return bytes.length + " " + Arrays.hashCode(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> directories(MergeLab lab) {
    return below(lab).stream()
        .filter(Files::isDirectory)
        .map(Path::toString)
        .collect(Collectors.toSet());
  }

  private static List<Path> below(MergeLab lab) {
    Path target = Path.of(lab.target);
    if (!Files.exists(target)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(target)) {
      return all.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
