// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.examples.files.LocalFileStorage.Survival;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {
  private static final ViewSchema SCHEMA =
      new ViewSchema(List.of(column("id", ColumnType.STRING), column("note", ColumnType.STRING)));
  private static final SampleRows ROWS =
      SampleRows.of(SCHEMA, row("a", "Jane"), row("b", "x"), row("c", "y"), row("d", null));

  @TempDir Path root;

  @Test
  void aRepeatOnAnotherServerSaysTheSameAndChangesNothing() throws IOException {
    TestExport export = export(ROWS).chunks(2);
    ManualJob job = export.job().stage(export.backend());
    FinalizeStep first = job.merge(export.backend(), 0);
    Path part = ReadOutput.parts(TestExport.folder(first)).get(0);
    var time = Files.getLastModifiedTime(part);

    assertThat(job.merge(export.backend(), 0)).isEqualTo(first);
    assertThat(job.withdraw(export.backend(), 0)).isEqualTo(first);
    job.cleanUp(export.backend(), JobState.COMPLETED, MergeOutcome.MERGED);
    assertThat(job.merge(export.backend(), 0)).isEqualTo(first);

    assertThat(((FinalizeStep.Done) first).counts()).isEqualTo(MergeCounts.of(4, 0, 0, 0));
    assertThat(Files.getLastModifiedTime(part)).isEqualTo(time);
    assertThat(ReadOutput.rows(export.place(job), SCHEMA).rows())
        .containsExactlyInAnyOrderElementsOf(ROWS.rows());
    assertThat(left()).hasSize(2 + 1);
  }

  @Test
  void whoPublishesWhenAnotherHasIsSecond() {
    TestExport export = export(ROWS);
    GatedStorage frozen = new GatedStorage(new LocalFileStorage(List.of(root), Survival.PROCESS));
    ManualJob job = export.job().stage(export.backend());
    FinalizeStep[] done = new FinalizeStep[1];
    frozen.beforePublish(() -> done[0] = job.merge(export.backend(), 0));

    FinalizeStep late = job.merge(frozen.backend(root), 0);

    assertThat(late).isEqualTo(done[0]);
    assertThat(ReadOutput.rows(export.place(job), SCHEMA).rows()).hasSize(4);
  }

  @Test
  void whatWasWithdrawnStaysSoThoughAFrozenAttemptThaws() throws IOException {
    TestExport export = export(ROWS);
    GatedStorage frozen = new GatedStorage(new LocalFileStorage(List.of(root), Survival.PROCESS));
    ManualJob job = export.job().stage(export.backend());
    frozen.beforePublish(
        () ->
            assertThat(job.withdraw(export.backend(), 0)).isEqualTo(new FinalizeStep.Withdrawn()));

    TestExport.failure(
        FailureKind.PERMANENT, "merge-withdrawn", () -> job.merge(frozen.backend(root), 0));
    assertThat(job.withdraw(export.backend(), 0)).isEqualTo(new FinalizeStep.Withdrawn());
    assertThat(export.place(job).resolve("_manifest.json")).doesNotExist();

    job.cleanUp(export.backend(), JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    assertThat(left()).isEmpty();
  }

  @Test
  void whatWasCleanedUpCantBePublishedByAFrozenAttempt() throws IOException {
    TestExport export = export(ROWS);
    GatedStorage frozen = new GatedStorage(new LocalFileStorage(List.of(root), Survival.PROCESS));
    ManualJob job = export.job().stage(export.backend());
    frozen.beforePublish(
        () -> {
          job.withdraw(export.backend(), 0);
          job.cleanUp(export.backend(), JobState.CANCELLED, MergeOutcome.NOT_MERGED);
        });

    assertThatThrownBy(() -> job.merge(frozen.backend(root), 0))
        .isInstanceOf(ExportException.class);
    assertThat(left()).isEmpty();
  }

  @Test
  void aFailureForGoodEndsAFrozenAttemptToo() throws IOException {
    TestExport export = export(ROWS);
    GatedStorage frozen = new GatedStorage(new LocalFileStorage(List.of(root), Survival.PROCESS));
    ManualJob job = export.job().stage(export.backend());
    frozen.beforePublish(
        () -> {
          spoil(job);
          TestExport.failure(
              FailureKind.PERMANENT, "staging-differs", () -> job.merge(export.backend(), 0));
        });

    TestExport.failure(
        FailureKind.PERMANENT, "merge-withdrawn", () -> job.merge(frozen.backend(root), 0));
    job.cleanUp(export.backend(), JobState.FAILED, MergeOutcome.NOT_MERGED);
    assertThat(left()).isEmpty();
  }

  @Test
  void aLostAnswerIsLookedUp() {
    TestExport export = export(ROWS);
    GatedStorage lossy = new GatedStorage(new LocalFileStorage(List.of(root), Survival.PROCESS));
    ManualJob job = export.job().stage(export.backend());
    lossy.failAfterPublish();

    assertThat(job.merge(lossy.backend(root), 0)).isInstanceOf(FinalizeStep.Done.class);
  }

  @Test
  void whatCantBeLookedUpIsUnknown() {
    TestExport export = export(ROWS);
    GatedStorage lossy = new GatedStorage(new LocalFileStorage(List.of(root), Survival.PROCESS));
    ManualJob job = export.job().stage(export.backend());
    lossy.failAfterPublish();
    lossy.failLookUps();

    TestExport.failure(
        FailureKind.RETRYABLE, "storage-failed", () -> job.merge(lossy.backend(root), 0));
    TestExport.failure(
        FailureKind.OUTCOME_UNKNOWN,
        "publication-outcome-unknown",
        () -> job.merge(lossy.backend(root), 0));
    TestExport.failure(
        FailureKind.OUTCOME_UNKNOWN,
        "publication-outcome-unknown",
        () -> job.withdraw(lossy.backend(root), 0));
  }

  @Test
  void cleanUpFindsAnUnknownOutcomeOut() throws IOException {
    TestExport export = export(ROWS);
    ManualJob published = export.job().stage(export.backend());
    published.merge(export.backend(), 0);
    published.cleanUp(export.backend(), JobState.FAILED, MergeOutcome.UNKNOWN);
    assertThat(export.place(published).resolve("_manifest.json")).exists();
    int kept = left().size();

    ManualJob not = export.job().stage(export.backend());
    not.cleanUp(export.backend(), JobState.FAILED, MergeOutcome.UNKNOWN);
    assertThat(left()).hasSize(kept);
    TestExport.failure(
        FailureKind.PERMANENT, "staging-differs", () -> not.merge(export.backend(), 0));
    assertThat(left()).hasSize(kept);
  }

  @Test
  void cleanUpSettlesWhatIsInDoubtBeforeItDeletesAPart() throws IOException {
    TestExport export = export(ROWS);
    GatedStorage deleting = new GatedStorage(new LocalFileStorage(List.of(root), Survival.PROCESS));
    ManualJob job = export.job().stage(export.backend());
    deleting.beforeDeleteTree(
        () ->
            TestExport.failure(
                FailureKind.PERMANENT, "merge-withdrawn", () -> job.merge(export.backend(), 0)));

    job.cleanUp(deleting.backend(root), JobState.FAILED, MergeOutcome.UNKNOWN);
    assertThat(left()).isEmpty();
  }

  @Test
  void cleanUpLeavesOtherJobsAlone() throws IOException {
    TestExport export = export(ROWS);
    ManualJob other = export.job().stage(export.backend());
    ManualJob job = export.job().stage(export.backend());
    job.lateChunk(export.backend(), 0, 0);
    job.merge(export.backend(), 0);
    Files.writeString(root.resolve("mine.txt"), "x");

    job.cleanUp(export.backend(), JobState.COMPLETED, MergeOutcome.MERGED);
    job.cleanUp(export.backend(), JobState.COMPLETED, MergeOutcome.MERGED);

    assertThat(TestExport.folder(other.merge(export.backend(), 0))).isDirectory();
    assertThat(root.resolve("mine.txt")).exists();
  }

  @Test
  void nothingIsMadeAfterTheStopSignal() throws IOException {
    TestExport export = export(ROWS);
    ManualJob job = export.job();
    job.plan(export.backend());
    job.contexts().stop().stop(StopReason.LEASE_LOST);
    assertThatThrownBy(() -> job.setup(export.backend(), 0))
        .isInstanceOf(ExportStoppedException.class);
    assertThat(left()).isEmpty();

    job.contexts().restart();
    job.stage(export.backend());
    GatedStorage stopping = new GatedStorage(new LocalFileStorage(List.of(root), Survival.PROCESS));
    stopping.beforeFolderOfJob(() -> job.contexts().stop().stop(StopReason.LEASE_LOST));
    assertThatThrownBy(() -> job.merge(stopping.backend(root), 0))
        .isInstanceOf(ExportStoppedException.class);
    assertThat(export.place(job).getParent()).doesNotExist();
  }

  @Test
  void setupThatWasFrozenTakesItsFolderBack() throws IOException {
    TestExport export = export(ROWS);
    ManualJob job = export.job();
    job.plan(export.backend());
    GatedStorage frozen = new GatedStorage(new LocalFileStorage(List.of(root), Survival.PROCESS));
    frozen.beforeFolderOfJob(() -> job.contexts().stop().stop(StopReason.LEASE_LOST));

    assertThatThrownBy(() -> job.setup(frozen.backend(root), 0))
        .isInstanceOf(ExportStoppedException.class);
    assertThat(left()).isEmpty();
  }

  @Test
  void aChunkThatComesAfterTheCleanUpLeavesNothing() throws IOException {
    TestExport export = export(ROWS);
    ManualJob job = export.job();
    job.plan(export.backend());
    job.setup(export.backend(), 0);
    ChunkContext late = job.contexts().chunk(0, 0);
    job.cleanUp(export.backend(), JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    try (RowCursor rows = ROWS.open()) {
      TestExport.failure(
          FailureKind.RETRYABLE, "file-missing", () -> export.backend().exportChunk(late, rows));
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void nullAndDoubleKeysFailWithoutATrace() throws IOException {
    TestExport nulls = export(SampleRows.of(SCHEMA, row(null, "Jane"), row("b", "x")));
    assertFails(nulls, "null-key", "1 rows have NULL in the merge key (id)");
    TestExport doubles =
        export(SampleRows.of(SCHEMA, row("Jane", "x"), row("Jane", "y"), row("Jane", "z")));
    assertFails(doubles.chunks(3).maxKeysInMemory(1), "duplicate-key", "2 rows");
  }

  private void assertFails(TestExport export, String code, String text) throws IOException {
    ManualJob job = export.job().stage(export.backend());
    ExportException e =
        TestExport.failure(FailureKind.PERMANENT, code, () -> job.merge(export.backend(), 0));
    assertThat(e.message()).contains(text).doesNotContain("Jane");
    assertThat(export.place(job)).doesNotExist();
    job.cleanUp(export.backend(), JobState.FAILED, MergeOutcome.NOT_MERGED);
    assertThat(left()).isEmpty();
  }

  @Test
  void doubleKeysAreKeptWhereThatIsAskedFor() {
    SampleRows rows = SampleRows.of(SCHEMA, row("a", "x"), row("a", "x"), row("a", "y"));
    Path folder = export(rows).parameter("duplicateKeys", "keep").run();
    assertThat(ReadOutput.rows(folder, SCHEMA).rows()).isEqualTo(rows.rows());
  }

  @Test
  void aPlaceThatIsAnothersIsNotTaken() throws IOException {
    TestExport export = export(ROWS);
    ManualJob job = export.job().stage(export.backend());
    Files.createDirectories(export.place(job));
    Files.writeString(export.place(job).resolve("mine.txt"), "x");

    TestExport.failure(FailureKind.PERMANENT, "file-exists", () -> job.merge(export.backend(), 0));
    assertThatThrownBy(() -> job.cleanUp(export.backend(), JobState.FAILED, MergeOutcome.UNKNOWN))
        .isInstanceOf(ExportException.class);
    assertThat(export.place(job).resolve("mine.txt")).exists();
  }

  private TestExport export(SampleRows rows) {
    return new TestExport(root, rows);
  }

  private void spoil(ManualJob job) {
    String receipt = job.receipts(0).get(0).receipt().payload();
    Path file =
        root.resolve(".viewexport-staging")
            .resolve(job.contexts().jobId().value())
            .resolve("v0")
            .resolve(receipt)
            .resolve("_chunk.json");
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All files below the root, and folders in which nothing is. */
  private List<Path> left() throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(path -> !path.equals(root)).filter(PublicationTest::isLeaf).toList();
    }
  }

  private static boolean isLeaf(Path path) {
    try (Stream<Path> below = Files.walk(path)) {
      return below.count() == 1;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
