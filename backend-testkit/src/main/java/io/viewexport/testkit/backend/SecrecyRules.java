// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.FaultyCursor;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What messages, receipts, checkpoints and locations tell. */
interface SecrecyRules {
  /** In each row of {@link #secretRows}. */
  String PLANTED = "PLANTED4711";

  private static SampleRows secretRows(String... keys) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String key : keys) {
      rows.add(row(key, "Jane " + PLANTED, Samples.OLD));
    }
    return new SampleRows(Samples.SCHEMA, rows);
  }

  @Test
  default void b15_whatIsStoredOfAJobHoldsNothingOfItsRows(BackendWorld world) {
    SampleExport export = world.export(secretRows("a" + PLANTED, "b" + PLANTED)).cut(2);
    ManualJob job = world.job(export);
    List<String> stored = new ArrayList<>();
    job.contexts().onCheckpoint(stored::add);
    stored.add(job.plan(world.backend).toString());
    job.setup(world.backend, 0);
    for (int chunk = 0; chunk < 2; chunk++) {
      stored.add(job.chunk(world.backend, 0, chunk).receipt().payload());
    }
    FinalizeStep step = job.finalizeStep(world.backend, 0, FinalizeContext.Intent.MERGE);
    stored.add(step.toString());
    stored.add(job.merge(world.backend, 0).toString());
    job.cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED);
    job.contexts().warnings().forEach(warning -> stored.add(warning.toString()));
    stored.add(world.backend.toString());
    stored.add(world.backend.parameters().toString());
    assertTellNothing(world, stored, "what is stored of a job");
  }

  @Test
  default void b15_messagesOfFailuresHoldNothingOfTheRows(BackendWorld world) {
    List<String> told = new ArrayList<>();
    for (MergeMode mode : world.modes()) {
      told.addAll(failed(world, secretRows("a" + PLANTED, "a" + PLANTED), mode));
      told.addAll(
          failed(world, Samples.rows(row(null, PLANTED, null), row("x", PLANTED, null)), mode));
    }
    told.addAll(afterOtherTypes(world));
    told.addAll(withAFailingSource(world));
    assertTellNothing(world, told, "messages of failures");
  }

  private static List<String> failed(BackendWorld world, SampleRows rows, MergeMode mode) {
    ManualJob job = world.job(world.export(rows).mode(mode));
    return messages(catchThrowable(() -> job.run(world.backend)));
  }

  private static List<String> afterOtherTypes(BackendWorld world) {
    SampleExport first = world.export(secretRows(PLANTED));
    world.run(first);
    ViewSchema other =
        new ViewSchema(
            List.of(column("id", ColumnType.STRING), column("note", ColumnType.decimal(5, 1))));
    ManualJob job =
        world.job(SampleExport.of(first.target(), SampleRows.of(other, row(PLANTED, null))));
    return messages(catchThrowable(() -> job.run(world.backend)));
  }

  /** Texts of other systems can hold row values. */
  private static List<String> withAFailingSource(BackendWorld world) {
    List<String> told = new ArrayList<>();
    List<RuntimeException> failures =
        List.of(
            new IllegalStateException("invalid input syntax: \"" + PLANTED + "\""),
            ExportException.retryable(
                "source-lost", "Lost.", new IllegalStateException("value " + PLANTED)));
    for (RuntimeException failure : failures) {
      ManualJob job = world.job(world.export(secretRows("a", "b", "c")));
      job.plan(world.backend);
      job.setup(world.backend, 0);
      world.reading(cursor -> new FaultyCursor(cursor).fail(2, () -> failure));
      Throwable thrown = catchThrowable(() -> job.chunk(world.backend, 0, 0));
      world.reading(cursor -> cursor);
      told.addAll(messages(thrown));
    }
    return told;
  }

  /** The texts of the library's own exceptions, which are stored; others' are not. */
  private static List<String> messages(@Nullable Throwable thrown) {
    List<String> messages = new ArrayList<>();
    if (thrown instanceof ExportException failure) {
      messages.add(failure.code() + ": " + failure.message());
    }
    if (thrown instanceof ExportRefusedException refused) {
      messages.add(refused.issues().toString());
    }
    return messages;
  }

  /** Faults of the place, where the fixture has some, are told without its secrets. */
  @Test
  default void b15_messagesHoldNoSecrets(BackendWorld world) {
    List<String> told = new ArrayList<>();
    for (BackendFault fault : world.fixture.faults()) {
      ManualJob job = world.job(world.export(secretRows("a", "b")));
      told.addAll(
          messages(
              catchThrowable(
                  () -> {
                    fault.on().run();
                    try {
                      job.run(world.backend);
                    } finally {
                      fault.off().run();
                    }
                  })));
    }
    ManualJob refused =
        world.job(world.export(Samples.keys(0, 1)).parameter("noSuchParameter", "1"));
    told.addAll(messages(catchThrowable(() -> refused.plan(world.backend))));
    assertTellNothing(world, told, "messages");
  }

  private static void assertTellNothing(BackendWorld world, List<String> texts, String what) {
    List<String> hidden = new ArrayList<>(world.fixture.secrets());
    hidden.add(PLANTED);
    for (String text : texts) {
      for (String secret : hidden) {
        assertThat(text.contains(secret))
            .as("whether a planted secret or row value is told by %s: %s", what, text)
            .isFalse();
      }
    }
  }
}
