// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.engine.Engine;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.testing.DeltaLog;
import io.viewexport.deltalake.testing.DeltaRows;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What must be true of a job that is over, whatever befell its pods. */
final class Aftermath {
  private static final int MOST_NAMED = 3;
  private static final String LOG_FILE = "[0-9]{20}\\..*(json|parquet|crc)|_last_checkpoint";

  private final ClusterJob job;
  private final ExportJob found;

  private Aftermath(ClusterJob job) {
    this.job = job;
    this.found = job.find();
  }

  /** Checks a job that nobody cancelled. */
  static void checkCompleted(ClusterJob job) throws IOException {
    check(job, JobState.COMPLETED);
  }

  /** Checks a job that ended in one of these states. */
  static void check(ClusterJob job, JobState... possible) throws IOException {
    Aftermath aftermath = new Aftermath(job);
    assertThat(aftermath.found.state())
        .as("%s", aftermath.found.failure())
        .isIn((Object[]) possible);
    aftermath.checkState();
    for (int view = 0; view < job.spec().views().size(); view++) {
      aftermath.checkTarget(job.spec().views().get(view), aftermath.found.outputs().get(view));
    }
    aftermath.checkFolder();
    job.cluster().assertNoConnectionLeft();
  }

  private void checkState() {
    JobState state = found.state();
    assertThat(found.cleanup()).as("%s", found.cleanupFailure()).isEqualTo(CleanupState.DONE);
    job.assertSeenAlike(state);
    List<JobState> history = StateHistory.of(job.id());
    assertThat(history).filteredOn(JobState::isFinal).containsExactly(state);
    assertThat(history).endsWith(state).doesNotHaveDuplicates();
    List<MergeOutcome> outcomes = found.outputs().stream().map(ExportOutput::outcome).toList();
    assertThat(outcomes).isSubsetOf(MergeOutcome.MERGED, MergeOutcome.NOT_MERGED);
    assertThat(outcomes.contains(MergeOutcome.NOT_MERGED)).isEqualTo(state == JobState.CANCELLED);
  }

  private void checkTarget(ViewSpec view, ExportOutput output) throws IOException {
    boolean merged = output.outcome() == MergeOutcome.MERGED;
    int rounds = job.round() + (merged ? 1 : 0);
    Path table = job.spec().table(view);
    if (merged) {
      assertThat(output.rowCount()).isEqualTo(count(view.countSql(job.round())));
    }
    List<List<@Nullable String>> expected =
        rounds == 0 ? List.of() : SourceDatabase.query(view.expectedSql(rounds));
    boolean isTable = Files.exists(table.resolve("_delta_log/00000000000000000000.json"));
    List<List<@Nullable String>> rows = isTable ? rows(table) : List.of();
    assertSame(view + " after round " + (rounds - 1), rows, expected);
    if (isTable) {
      checkFiles(table, rounds);
    } else if (Files.exists(table)) {
      // Killed after the folders and before the first commit.
      assertThat(names(table)).isSubsetOf("_delta_log");
    }
  }

  /** Compares rows with their numbers, in any order; names a few that differ. */
  static void assertSame(
      String what, List<List<@Nullable String>> found, List<List<@Nullable String>> expected) {
    assertThat(without(found, expected)).as("too many in %s", what).isEmpty();
    assertThat(without(expected, found)).as("missing in %s", what).isEmpty();
  }

  private static List<List<@Nullable String>> without(
      List<List<@Nullable String>> rows, List<List<@Nullable String>> others) {
    Map<List<@Nullable String>, Integer> left = new HashMap<>();
    rows.forEach(row -> left.merge(row, 1, Integer::sum));
    others.forEach(row -> left.merge(row, -1, Integer::sum));
    return left.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(Map.Entry::getKey)
        .limit(MOST_NAMED)
        .toList();
  }

  private static long count(String sql) {
    return Long.parseLong(String.valueOf(SourceDatabase.query(sql).get(0).get(0)));
  }

  private List<List<@Nullable String>> rows(Path table) throws IOException {
    Engine engine = LocalStorage.create(List.of(job.spec().folder()), Map.of()).engine();
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (Map<String, Object> row : DeltaRows.read(engine, table.toString())) {
      assertThat(row.remove("is_deleted")).isEqualTo(0);
      List<@Nullable String> values = new ArrayList<>();
      row.values().forEach(value -> values.add(value == null ? null : value.toString()));
      rows.add(values);
    }
    return rows;
  }

  /** Each round's merge is one commit, and every file is one that the log knows. */
  private static void checkFiles(Path table, int rounds) throws IOException {
    DeltaLog log = DeltaLog.read(table);
    assertThat(log.dataCommits()).isEqualTo(rounds);
    List<String> files = names(table);
    assertThat(files.remove("_delta_log")).isTrue();
    assertThat(files).isSubsetOf(log.named()).containsAll(log.files());
    assertThat(names(table.resolve("_delta_log"))).allMatch(name -> name.matches(LOG_FILE));
  }

  /** Nothing but tables: no staging. */
  private void checkFolder() throws IOException {
    assertThat(names(job.spec().folder()))
        .isSubsetOf(job.spec().views().stream().map(ViewSpec::name).toList());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }
}
