// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.FaultyCursor;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How failures are told, and what they leave. */
interface FailureRules {

  /** What the source throws is the source's to classify. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 200, Long.MAX_VALUE})
  default void b17_failuresOfTheSourcePass(long row, BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 250));
    ManualJob job = world.job(export);
    job.plan(world.backend);
    job.setup(world.backend, 0);
    assertPasses(world, job, row, ExportException.permanent("view-gone", "It is gone.", null));
    assertPasses(world, job, row, ExportException.retryable("source-lost", "Lost.", null));
    world.reading(cursor -> cursor);
    job.chunk(world.backend, 0, 0);
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), export.rows(), "after attempts that failed");
    job.cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED);
    world.assertClean("after attempts that failed");
  }

  private static void assertPasses(
      BackendWorld world, ManualJob job, long row, ExportException failure) {
    world.reading(cursor -> new FaultyCursor(cursor).fail(row, () -> failure));
    ExportException thrown =
        Failures.of("a chunk whose source fails", () -> job.chunk(world.backend, 0, 0));
    assertThat(thrown.kind()).as("kind of the source's failure").isEqualTo(failure.kind());
    assertThat(thrown.code()).as("code of the source's failure").isEqualTo(failure.code());
  }

  /** Errors of the JVM, and what nobody thought of, make no receipt. */
  @Test
  default void b05_aChunkThatCouldNotReadAllLeavesNoReceipt(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 20));
    ManualJob job = world.job(export);
    job.plan(world.backend);
    job.setup(world.backend, 0);
    List<Supplier<Error>> errors = List.of(InternalError::new, StackOverflowError::new);
    for (Supplier<Error> error : errors) {
      world.reading(
          cursor ->
              new FaultyCursor(cursor)
                  .at(
                      9,
                      () -> {
                        throw error.get();
                      }));
      assertThat(catchThrowable(() -> job.chunk(world.backend, 0, 0)))
          .as("what a chunk throws whose source ends in an error")
          .isNotNull();
    }
    world.reading(cursor -> new FaultyCursor(cursor).fail(9, IllegalStateException::new));
    assertThat(catchThrowable(() -> job.chunk(world.backend, 0, 0)))
        .as("what a chunk throws whose source throws something unexpected")
        .isNotNull();
    world.reading(cursor -> cursor);
    job.chunk(world.backend, 0, 0);
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), export.rows(), "after attempts that failed");
  }

  @Test
  default void b17_stagingThatIsGoneFailsTheMergeForGood(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 20)).cut(2);
    ManualJob job = world.job(export).stage(world.backend);
    job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.NOT_MERGED);
    Failures.permanent("a merge whose staging is gone", () -> job.merge(world.backend, 0));
    world.assertEmpty(export.target(), "after a merge whose staging is gone");
  }

  @Test
  default void b07_aReceiptThatCountsOtherRowsThanThereAreFailsTheMerge(BackendWorld world) {
    for (int difference : new int[] {-1, 1}) {
      SampleExport export = world.export(Samples.keys(0, 20)).cut(2);
      ManualJob job = world.job(export).stage(world.backend);
      AcceptedReceipt first = job.receipts(0).get(0);
      ChunkReceipt real = first.receipt();
      ChunkReceipt forged =
          new ChunkReceipt(real.payload(), real.rowCount() + difference, real.byteCount());
      List<AcceptedReceipt> receipts =
          List.of(
              new AcceptedReceipt(first.chunk(), first.attempt(), 0, forged),
              job.receipts(0).get(1));
      Failures.permanent(
          "a merge with a receipt that counts " + difference + " rows more than were staged",
          () -> world.backend.finalizeExport(job.contexts().finalizing(0, Intent.MERGE, receipts)));
      world.assertEmpty(export.target(), "after receipts that don't fit");
    }
  }

  @Test
  default void b07_onlyTheReceiptsThatAreHandedOverCount(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 40)).cut(2);
    ManualJob job = world.job(export);
    job.plan(world.backend);
    job.setup(world.backend, 0);
    world.reading(cursor -> Samples.keys(0, 5).open());
    job.lateChunk(world.backend, 0, 0);
    job.chunk(world.backend, 0, 0);
    world.reading(cursor -> Samples.keys(5, 12).open());
    job.lateChunk(world.backend, 0, 1);
    world.reading(cursor -> cursor);
    world.job(SampleExport.of(export.target(), Samples.keys(50, 60))).stage(world.backend);
    job.merge(world.backend, 0);
    world.assertTarget(
        export.target(), Samples.keys(0, 5), "with one receipt, and staging of other attempts");
  }

  @Test
  default void b17_receiptsOfAnotherJobFailTheMerge(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 4));
    ManualJob job = world.job(export).stage(world.backend);
    AcceptedReceipt own = job.receipts(0).get(0);
    AcceptedReceipt garbage =
        new AcceptedReceipt(own.chunk(), own.attempt(), 0, new ChunkReceipt("garbage", 4, 1));
    assertThat(
            catchThrowable(
                () ->
                    world.backend.finalizeExport(
                        job.contexts().finalizing(0, Intent.MERGE, List.of(garbage)))))
        .as("what a merge throws whose receipt can't be read")
        .isNotNull();
    world.assertEmpty(export.target(), "after a receipt that can't be read");
  }

  /** A merge is frozen at each step while its successor fails, for good where it says so. */
  @Test
  default void b17_aFailureForGoodSpeaksForFrozenMerges(BackendWorld world) {
    ExportBackend other = world.another();
    AtUse.each(
        use -> {
          SampleExport export = world.export(Samples.keys(0, 4)).cut(2);
          ManualJob job = world.job(export).stage(world.backend);
          Meanwhile<FinalizeStep> successor = new Meanwhile<>(() -> mergeGarbage(job, other));
          AtUse pause =
              new AtUse(
                  use,
                  () -> {
                    successor.run();
                    job.contexts().stop().stop(StopReason.LEASE_LOST);
                  });
          job.contexts().onUse(pause);
          Throwable frozen = catchThrowable(() -> job.merge(world.backend, 0));
          if (pause.end()
              && successor.thrown() instanceof ExportException failure
              && failure.kind() == FailureKind.PERMANENT) {
            String when =
                "where a merge frozen at step " + use + " went on after the next failed for good";
            world.assertEmpty(export.target(), when);
            assertThat(frozen).as("what the merge throws, %s", when).isNotNull();
          }
          return pause;
        });
  }

  private static FinalizeStep mergeGarbage(ManualJob job, ExportBackend backend) {
    List<AcceptedReceipt> garbage =
        job.receipts(0).stream()
            .map(
                own ->
                    new AcceptedReceipt(
                        own.chunk(), own.attempt(), 0, new ChunkReceipt("garbage", 4, 1)))
            .toList();
    return backend.finalizeExport(job.contexts().finalizing(0, Intent.MERGE, garbage));
  }

  @Test
  default void b25_aTargetOfOtherTypesIsFoundInSetup(BackendWorld world) {
    if (!world.merges()) {
      return;
    }
    SampleExport first = world.export(Samples.keys(0, 4));
    world.run(first);
    ViewSchema other =
        new ViewSchema(
            List.of(
                column("id", ColumnType.STRING),
                column("note", ColumnType.BINARY),
                column("at", ColumnType.DATE)));
    ManualJob job =
        world.job(SampleExport.of(first.target(), SampleRows.of(other, row("k7", null, null))));
    Failures.refused(
        "a target whose columns have other types",
        () -> {
          job.plan(world.backend);
          job.setup(world.backend, 0);
        });
    world.assertTarget(first.target(), first.rows(), "after other types were refused");
    job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.NOT_MERGED);
    world.assertTarget(first.target(), first.rows(), "after the clean-up of that");
  }

  /** Each failure that the fixture can switch on hurts, is told rightly, and leaves no trace. */
  @Test
  default void b17_faultsOfThePlaceAreToldRightlyAndHeal(BackendWorld world) {
    Assumptions.assumeFalse(world.fixture.faults().isEmpty(), "the fixture has no faults()");
    for (BackendFault fault : world.fixture.faults()) {
      SampleExport export = world.export(Samples.keys(0, 40)).cut(2);
      ManualJob job = world.job(export);
      Throwable thrown = runWith(fault, job, world);
      FailureKind kind =
          Failures.of("with the fault: " + fault.name(), () -> rethrow(thrown)).kind();
      if (fault.nature() == BackendFault.Nature.LASTING) {
        assertThat(kind).as("kind of: %s", fault.name()).isEqualTo(FailureKind.PERMANENT);
      } else {
        assertThat(kind).as("kind of: %s", fault.name()).isNotEqualTo(FailureKind.PERMANENT);
      }
      if (kind != FailureKind.OUTCOME_UNKNOWN) {
        world.assertEmpty(export.target(), "after the fault: " + fault.name());
      }
      if (kind == FailureKind.PERMANENT) {
        job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.NOT_MERGED);
        job = world.job(export);
        job.plan(world.another());
      }
      heal(job, world, fault.name());
      world.assertTarget(export.target(), export.rows(), "healed after: " + fault.name());
      job.cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED);
      world.assertClean("after: " + fault.name());
    }
  }

  private static void heal(ManualJob job, BackendWorld world, String fault) {
    assertThatCode(
            () -> {
              job.stage(world.another());
              job.merge(world.another(), 0);
            })
        .as("staging and merging once it is over: %s", fault)
        .doesNotThrowAnyException();
  }

  private static @Nullable Throwable runWith(
      BackendFault fault, ManualJob job, BackendWorld world) {
    job.plan(world.backend);
    return switch (fault.call()) {
      case PLAN -> struck(fault, () -> job.plan(world.backend));
      case SETUP -> struck(fault, () -> job.setup(world.backend, 0));
      case CHUNK -> {
        job.setup(world.backend, 0);
        yield struck(fault, () -> job.chunk(world.backend, 0, 1));
      }
      case FINALIZE -> {
        job.stage(world.backend);
        yield struck(fault, () -> job.merge(world.backend, 0));
      }
      case CANCEL -> {
        job.stage(world.backend);
        yield struck(
            fault, () -> job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.NOT_MERGED));
      }
    };
  }

  private static void rethrow(@Nullable Throwable thrown) throws Throwable {
    if (thrown != null) {
      throw thrown;
    }
  }

  private static @Nullable Throwable struck(BackendFault fault, Runnable call) {
    fault.on().run();
    try {
      return catchThrowable(call::run);
    } finally {
      fault.off().run();
    }
  }
}
