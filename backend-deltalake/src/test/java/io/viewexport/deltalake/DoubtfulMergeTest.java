// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.testing.DeltaRows;
import io.viewexport.deltalake.testing.Freezer;
import io.viewexport.deltalake.testing.TestContext;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the backend makes of a merge whose outcome nobody was told. */
class DoubtfulMergeTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");

  private final Path folder;
  private final Path log;
  private final Path staging;
  private final ExportBackend backend;
  private final ManualJob job;

  DoubtfulMergeTest(@TempDir Path folder) throws IOException {
    this.folder = folder.toRealPath();
    this.log = this.folder.resolve("t/_delta_log");
    this.staging = this.folder.resolve("t.viewexport-staging");
    this.backend = backend(this.folder);
    this.job = new ManualJob(request(), source());
    job.stage(backend);
  }

  private static ExportBackend backend(Path root) {
    return DeltaLakeBackend.create(DeltaLakeConfig.builder().allowedRoots(List.of(root)).build());
  }

  private ExportRequest request() {
    return ExportRequest.builder(DeltaLakeBackend.KIND)
        .view(VIEW)
        .parameter("tablePath", folder.resolve("t").toString())
        .build();
  }

  private static SampleViewSource source() {
    ViewSchema schema = new ViewSchema(List.of(SampleRows.column("id", ColumnType.STRING)));
    return new SampleViewSource().put(VIEW, SampleRows.of(schema, row("a"), row("b")));
  }

  private void cleanUp(MergeOutcome outcome) {
    job.cleanUp(backend, JobState.FAILED, outcome);
  }

  private List<Map<String, Object>> rows() throws IOException {
    var storage = LocalStorage.create(List.of(folder), Map.of());
    return DeltaRows.read(storage.engine(), folder.resolve("t").toString());
  }

  /** Makes the log unreadable; gives what has to be written back. */
  private String damage() throws IOException {
    Path commit = log.resolve("00000000000000000000.json");
    String whole = Files.readString(commit);
    Files.writeString(commit, "{\"commitInfo\":{");
    return whole;
  }

  private void repair(String whole) throws IOException {
    Files.writeString(log.resolve("00000000000000000000.json"), whole);
  }

  private static void assertThrows(ThrowingCallable call, FailureKind kind, String code) {
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.kind() + " " + e.code()).isEqualTo(kind + " " + code));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cleanUpFindsOutWhatIsUnknownAndLeavesNothing(boolean merged) throws IOException {
    if (merged) {
      job.merge(backend, 0);
    } else {
      Files.createDirectories(folder.resolve("t"));
      Files.writeString(folder.resolve("t/viewexport-" + id() + ".v0.a1.0-x.parquet"), "rows");
    }

    cleanUp(MergeOutcome.UNKNOWN);

    assertThat(staging).doesNotExist();
    if (merged) {
      assertThat(rows()).hasSize(2);
    } else {
      assertThat(folder.resolve("t")).isEmptyDirectory();
    }
  }

  private String id() {
    return job.contexts().jobId().value();
  }

  @Test
  void whatCanNotBeFoundOutIsKeptForALaterCleanUp() throws IOException {
    job.merge(backend, 0);
    String whole = damage();

    assertThrows(
        () -> cleanUp(MergeOutcome.UNKNOWN), FailureKind.OUTCOME_UNKNOWN, "outcome-still-unknown");
    assertThat(staging.resolve(id() + "/v0/c0")).exists();

    repair(whole);
    cleanUp(MergeOutcome.UNKNOWN);
    assertThat(staging).doesNotExist();
    assertThat(rows()).hasSize(2);
  }

  @Test
  void cleanUpTakesWhatKilledCommitsOfTheJobLeft() throws IOException {
    job.merge(backend, 0);
    Path own = Files.createFile(log.resolve(".viewexport-" + id() + ".v0.a7.x.tmp"));
    Path others = Files.createFile(log.resolve(".viewexport-" + id() + "-2.v0.a7.x.tmp"));

    cleanUp(MergeOutcome.MERGED);

    assertThat(own).doesNotExist();
    assertThat(others).exists();
  }

  @Test
  void aSetupThatIsThawedAfterTheCleanUpLeavesNothing() {
    cleanUp(MergeOutcome.NOT_MERGED);
    ExportView view = job.contexts().views().get(0);
    int question = 0;
    boolean froze = true;
    while (froze) {
      question++;
      Freezer freezer = Freezer.at(question);
      TestContext context = new TestContext(view, job.contexts().jobId(), 2, freezer);
      froze = freezer.freezes(() -> backend.setupExport(context));
      cleanUp(MergeOutcome.NOT_MERGED);

      Optional<Throwable> thrown = freezer.thaw();

      assertThat(folder).as("question %s", question).isEmptyDirectory();
      assertThat(thrown.isPresent() || !froze).isTrue();
    }
    assertThat(question).isGreaterThan(4);
  }

  @Test
  void aRetryInDoubtLooksUpBeforeItCanFail() throws IOException {
    job.merge(backend, 0);
    LocalStorage.create(List.of(folder), Map.of()).deleteTree(staging.toString());

    assertThat(job.merge(backend, 0)).isInstanceOf(FinalizeStep.Done.class);
  }

  @Test
  void aRetryInDoubtThatCanNotLookUpSaysSo() throws IOException {
    ExportBackend elsewhere = backend(Files.createDirectory(folder.resolve("elsewhere")));
    assertThrows(() -> job.merge(elsewhere, 0), FailureKind.PERMANENT, "path-not-allowed");
    job.merge(backend, 0);

    assertThrows(
        () -> job.merge(elsewhere, 0), FailureKind.OUTCOME_UNKNOWN, "commit-outcome-unknown");
    damage();
    assertThrows(
        () -> job.merge(backend, 0), FailureKind.OUTCOME_UNKNOWN, "commit-outcome-unknown");
    assertThrows(
        () -> job.withdraw(backend, 0), FailureKind.OUTCOME_UNKNOWN, "commit-outcome-unknown");
  }
}
