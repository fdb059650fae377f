// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.staging;

import static io.viewexport.deltalake.testing.TestRows.row;
import static io.viewexport.deltalake.testing.TestRows.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.parquet.PageCompression;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.testing.DeltaRows;
import io.viewexport.deltalake.testing.FaultyFileIO;
import io.viewexport.deltalake.testing.Freezer;
import io.viewexport.deltalake.testing.TestContext;
import io.viewexport.deltalake.testing.TestRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkStagingTest {
  private static final long MIB = 1024 * 1024;
  private static final ViewSchema SCHEMA =
      schema("id", ColumnType.STRING, "n", ColumnType.BIGINT, "noise", ColumnType.STRING);
  private static final JobId JOB = new JobId("job-1");

  private final Path root;
  private final StagingSettings settings =
      new StagingSettings(PageCompression.ZSTD, 16 * MIB, 128 * MIB);

  ChunkStagingTest(@TempDir Path temporary) throws IOException {
    root = Files.createDirectory(temporary.toRealPath().resolve("ro ot%"));
  }

  private LakeStorage storage(UnaryOperator<FileIO> wrapping) {
    return LocalStorage.create(List.of(root), Map.of(), wrapping);
  }

  private static TestContext context(int attempt, BooleanSupplier stopped) {
    ExportView view = TestContext.view(0, SCHEMA, ViewOptions.UNSET, Map.of());
    return new TestContext(view, JOB, attempt, stopped);
  }

  private static TestRows rows(int count) {
    return TestRows.of(SCHEMA, count, i -> row("id-" + i, i, "noise " + i * 0x9E3779B97F4A7C15L));
  }

  private ChunkReceipt stage(LakeStorage storage, StagingSettings how, int count) {
    return ChunkStaging.stage(storage, root + "/s", how, context(1, () -> false), rows(count));
  }

  private Path attempt(int number) {
    return root.resolve("s/job-1/v0/c0/a" + number);
  }

  @Test
  void oneAttemptIsOneTableWithOneCommit() throws IOException {
    LakeStorage storage = storage(io -> io);
    ChunkReceipt receipt = stage(storage, settings, 1000);
    assertThat(receipt.rowCount()).isEqualTo(1000);
    assertThat(StagingReceipt.parse(receipt.payload()).path()).isEqualTo("job-1/v0/c0/a1");
    assertThat(attempt(1).resolve("_delta_log").toFile().list())
        .containsExactly("00000000000000000000.json");
    List<Map<String, Object>> read = DeltaRows.read(storage.engine(), attempt(1).toString());
    assertThat(read).hasSize(1000);
    assertThat(read.get(7)).containsEntry("id", "id-7").containsEntry("n", 7L);
    assertThat(read).allSatisfy(found -> assertThat(found).containsEntry("is_deleted", 0));
  }

  @Test
  void noRowsMakeATableWithoutFiles() throws IOException {
    LakeStorage storage = storage(io -> io);
    ChunkReceipt receipt = stage(storage, settings, 0);
    assertThat(receipt.rowCount()).isZero();
    assertThat(receipt.byteCount()).isZero();
    assertThat(DeltaRows.read(storage.engine(), attempt(1).toString())).isEmpty();
    assertThat(attempt(1).toFile().list()).hasSize(1);
  }

  @Test
  void manyRowsMakeSeveralFilesAndTheReceiptStaysSmall() throws IOException {
    LakeStorage storage = storage(io -> io);
    var small = new StagingSettings(PageCompression.SNAPPY, 32 * 1024, 128 * 1024);
    TestContext context = context(1, () -> false);
    ChunkReceipt receipt = ChunkStaging.stage(storage, root + "/s", small, context, rows(100_000));
    List<Path> files;
    try (var all = Files.list(attempt(1))) {
      files = all.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
    assertThat(files).hasSizeGreaterThan(10);
    long bytes = 0;
    for (Path file : files) {
      assertThat(Files.size(file)).isLessThan(256 * 1024);
      bytes += Files.size(file);
    }
    assertThat(receipt.byteCount()).isEqualTo(bytes);
    assertThat(receipt.payload().length()).isLessThan(200);
    assertThat(context.reported()).isEqualTo(bytes);
    assertThat(DeltaRows.read(storage.engine(), attempt(1).toString()))
        .extracting(found -> found.get("id"))
        .doesNotHaveDuplicates()
        .hasSize(100_000);
  }

  @Test
  void stoppedInTheMiddleOrBeforeTheCommitItCommitsNothing() {
    LakeStorage storage = storage(io -> io);
    AtomicInteger asked = new AtomicInteger();
    int atCommit = 100_000 / 4096 + 2;
    for (int stopAt : new int[] {1, 3, atCommit}) {
      asked.set(0);
      TestContext context = context(stopAt, () -> asked.incrementAndGet() >= stopAt);
      assertThatThrownBy(
              () -> ChunkStaging.stage(storage, root + "/s", settings, context, rows(100_000)))
          .isInstanceOf(ExportStoppedException.class);
      assertThat(attempt(stopAt).resolve("_delta_log/00000000000000000000.json")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWorkerThatIsThawedAfterTheCleanUpLeavesNothing(boolean setUp) {
    LakeStorage storage = storage(io -> io);
    var small = new StagingSettings(PageCompression.SNAPPY, 32 * 1024, 128 * 1024);
    int question = 0;
    boolean froze = true;
    while (froze) {
      question++;
      Freezer freezer = Freezer.at(question);
      TestContext context = context(question, freezer);
      if (setUp) {
        storage.createDirectories(root + "/s/job-1/v0");
      }
      froze =
          freezer.freezes(
              () -> ChunkStaging.stage(storage, root + "/s", small, context, rows(20_000)));
      storage.deleteTree(root + "/s/job-1/v0");
      storage.deleteIfEmpty(root + "/s/job-1");
      storage.deleteIfEmpty(root + "/s");

      Optional<Throwable> thrown = freezer.thaw();

      assertThat(root).as("question %s", question).isEmptyDirectory();
      assertThat(thrown.isPresent()).as("question %s", question).isEqualTo(froze);
    }
    assertThat(question).isGreaterThan(10);
  }

  @Test
  void aPlaceThatIsTakenIsLeftAlone() throws IOException {
    Files.createDirectories(attempt(1));
    Files.createFile(attempt(1).resolve("someone's"));
    assertThatThrownBy(() -> stage(storage(io -> io), settings, 10))
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> {
              assertThat(e.code()).isEqualTo("staging-not-fresh");
              assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE);
            });
    assertThat(attempt(1).resolve("someone's")).exists();
  }

  @Test
  void aFullDiskIsAClearFailureAndFreesWhatWasWritten() {
    LakeStorage storage =
        storage(
            io ->
                new FaultyFileIO(io) {
                  @Override
                  protected void beforeWrite(String path, long position) throws IOException {
                    if (position > 10_000) {
                      throw new IOException("No space left on device");
                    }
                  }
                });
    assertThatThrownBy(() -> stage(storage, settings, 100_000))
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> {
              assertThat(e.code()).isEqualTo("disk-full");
              assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE);
              assertThat(e.message()).contains("no space is left", "job-1").doesNotContain("id-");
            });
    assertThat(attempt(1)).doesNotExist();
  }

  @Test
  void aDiskThatIsFullAtTheCommitIsAClearFailure() {
    LakeStorage storage =
        storage(
            io ->
                new FaultyFileIO(io) {
                  @Override
                  protected void beforeCommit(String path) throws IOException {
                    throw new IOException("No space left on device");
                  }
                });
    assertThatThrownBy(() -> stage(storage, settings, 10))
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> {
              assertThat(e.code()).isEqualTo("disk-full");
              assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE);
            });
  }

  @Test
  void aLostAnswerToTheCommitIsRetriedElsewhere() {
    LakeStorage storage =
        storage(
            io ->
                new FaultyFileIO(io) {
                  @Override
                  protected void afterCommit(String path) throws IOException {
                    throw new IOException("connection reset");
                  }
                });
    assertThatThrownBy(() -> stage(storage, settings, 10))
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE));
  }
}
