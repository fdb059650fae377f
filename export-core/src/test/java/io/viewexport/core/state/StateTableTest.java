// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.view.NextSince;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Prints the state tables. They stand in ARCHITECTURE.md between two marks; to write them there
 * anew: {@code mvn -pl export-core -am test -Dtest=StateTableTest -Dviewexport.rewrite=true
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class StateTableTest {
  private static final Path DOCUMENT = Path.of("..", "ARCHITECTURE.md");
  private static final String BEGIN = "<!-- state tables: begin -->\n";
  private static final String END = "<!-- state tables: end -->";
  private static final FailureCause PERMANENT =
      new FailureCause(FailureKind.PERMANENT, "refused", "Refused.");
  private static final FailureCause RETRYABLE =
      new FailureCause(FailureKind.RETRYABLE, "spent", "Spent.");
  private static final FailureCause UNKNOWN =
      new FailureCause(FailureKind.OUTCOME_UNKNOWN, "lost", "Lost.");

  @Test
  void theTablesInTheDocumentAreThoseOfTheCode() throws IOException {
    String text = Files.readString(DOCUMENT);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    assertThat(begin).as("the first mark in " + DOCUMENT).isNotNegative();
    assertThat(end).as("the second mark in " + DOCUMENT).isGreaterThan(begin);
    String rewritten = text.substring(0, begin + BEGIN.length()) + tables() + text.substring(end);
    if (Boolean.getBoolean("viewexport.rewrite")) {
      Files.writeString(DOCUMENT, rewritten);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(rewritten);
  }

  @Test
  void everyEventAtEveryTaskLeadsWhereTheTableSays() {
    assertThat(events())
        .isEqualTo(
            """
            event               task      job goes on                  job is ending                  ending, merge in doubt
            Planned             PLAN      DONE                         SKIPPED
            SetUp               SETUP     DONE                         DONE
            ChunkExported       CHUNK     DONE                         DONE
            ChunkExported, void CHUNK     READY                        SKIPPED
            RetryLater          PLAN      READY                        SKIPPED
            RetryLater          SETUP     READY                        SKIPPED
            RetryLater          CHUNK     READY                        SKIPPED
            RetryLater          FINALIZE  READY                        SKIPPED NOT_MERGED             READY
            RetryLater          CLEANUP   READY                        READY
            RetryLater, unknown FINALIZE  READY                        READY                          READY
            GaveUp              PLAN      FAILED, job ends             SKIPPED
            GaveUp              SETUP     FAILED, job ends             SKIPPED
            GaveUp              CHUNK     FAILED, job ends             SKIPPED
            GaveUp              FINALIZE  FAILED NOT_MERGED, job ends  SKIPPED NOT_MERGED             SKIPPED NOT_MERGED
            GaveUp              CLEANUP   FAILED                       FAILED
            GaveUp, spent       FINALIZE  FAILED NOT_MERGED, job ends  SKIPPED NOT_MERGED             FAILED UNKNOWN, job ends
            GaveUp, unknown     FINALIZE  FAILED UNKNOWN, job ends     FAILED UNKNOWN, job ends       FAILED UNKNOWN, job ends
            Released            PLAN      READY                        SKIPPED
            Released            SETUP     READY                        SKIPPED
            Released            CHUNK     READY                        SKIPPED
            Released            FINALIZE  READY                        SKIPPED NOT_MERGED             READY
            Released            CLEANUP   READY                        READY
            Released, unknown   FINALIZE  READY                        READY                          READY
            Stopped             PLAN      READY                        SKIPPED
            Stopped             SETUP     READY                        SKIPPED
            Stopped             CHUNK     READY                        SKIPPED
            Stopped             FINALIZE  READY                        SKIPPED NOT_MERGED             READY
            Stopped             CLEANUP   READY                        READY
            Merged              FINALIZE  DONE MERGED                  DONE MERGED                    DONE MERGED
            MergeContinues      FINALIZE  READY                        READY                          READY
            MergeWithdrawn      FINALIZE                               SKIPPED NOT_MERGED             SKIPPED NOT_MERGED
            CleanedUp           CLEANUP   DONE                         DONE
            """);
  }

  @Test
  void aFinalJobIsNotCancelledAndNothingLeavesAFinalState() {
    for (JobState state : JobState.values()) {
      Transition cancel =
          JobStateMachine.on(new JobEvent.CancelRequested())
              .decide(job(state, StopCause.NONE), Optional.empty());
      boolean running = state == JobState.ACCEPTED || state == JobState.IN_PROGRESS;
      assertThat(cancel.state().isPresent()).isEqualTo(running);
      assertThat(StateTable.movesOf(state).isEmpty()).isEqualTo(state.isFinal());
    }
    for (TaskState state : TaskState.values()) {
      boolean leaves = !state.isFinal() || state == TaskState.DONE;
      assertThat(StateTable.movesOf(state).isEmpty()).isNotEqualTo(leaves);
    }
  }

  @Test
  void aCancelOfAJobThatFailsChangesNothing() {
    Transition cancel =
        JobStateMachine.on(new JobEvent.CancelRequested())
            .decide(job(JobState.IN_PROGRESS, StopCause.FAILURE), Optional.empty());
    assertThat(cancel).isEqualTo(Transition.NONE);
  }

  private static String tables() {
    return "```text\n"
        + moves("job", List.of(JobState.values()), StateTable::movesOf)
        + "\n"
        + moves("task", List.of(TaskState.values()), StateTable::movesOf)
        + "\n"
        + events()
        + "```\n";
  }

  private static <S extends Enum<S>> String moves(
      String what, List<S> states, Function<S, Set<S>> moves) {
    StringBuilder table = new StringBuilder(cell(what, 14));
    states.forEach(to -> table.append(cell("to " + to, 16)));
    for (S from : states) {
      line(table).append(cell(from.name(), 14));
      states.forEach(to -> table.append(cell(moves.apply(from).contains(to) ? "x" : ".", 16)));
    }
    return line(table).toString();
  }

  private static String events() {
    StringBuilder table = new StringBuilder();
    row(table, "event", "task", "job goes on", "job is ending", "ending, merge in doubt");
    EVENTS.forEach(
        (name, event) -> {
          for (TaskType type : TaskType.values()) {
            String going = result(event, type, StopCause.NONE, false);
            String ending = result(event, type, StopCause.CANCEL, false);
            boolean merge = type == TaskType.FINALIZE;
            String doubt = merge ? result(event, type, StopCause.CANCEL, true) : "";
            boolean special = name.contains(",") && !merge && !name.endsWith("void");
            if (!special && !(going + ending + doubt).isEmpty()) {
              row(table, name, type.name(), going, ending, doubt);
            }
          }
        });
    return table.toString();
  }

  private static final Map<String, TaskEvent> EVENTS = allEvents();

  private static Map<String, TaskEvent> allEvents() {
    Map<String, TaskEvent> events = new LinkedHashMap<>();
    events.put("Planned", new TaskEvent.Planned(new PlannedExport(List.of())));
    events.put("SetUp", new TaskEvent.SetUp());
    events.put("ChunkExported", new TaskEvent.ChunkExported(new ChunkReceipt("r", 1, 1)));
    ChunkOrigin lost = new ChunkOrigin(1, NextSince.PENDING);
    events.put(
        "ChunkExported, void", new TaskEvent.ChunkExported(new ChunkReceipt("r", 1, 1), lost));
    events.put("RetryLater", new TaskEvent.RetryLater(PERMANENT, Duration.ZERO));
    events.put("RetryLater, unknown", new TaskEvent.RetryLater(UNKNOWN, Duration.ZERO));
    events.put("GaveUp", new TaskEvent.GaveUp(PERMANENT));
    events.put("GaveUp, spent", new TaskEvent.GaveUp(RETRYABLE));
    events.put("GaveUp, unknown", new TaskEvent.GaveUp(UNKNOWN));
    events.put("Released", TaskEvent.Released.UNTOUCHED);
    events.put("Released, unknown", new TaskEvent.Released(true, Duration.ZERO));
    events.put("Stopped", new TaskEvent.Stopped());
    events.put("Merged", new TaskEvent.Merged("file:/t", MergeCounts.UNKNOWN));
    events.put("MergeContinues", new TaskEvent.MergeContinues("c", Duration.ZERO));
    events.put("MergeWithdrawn", new TaskEvent.MergeWithdrawn());
    events.put("CleanedUp", new TaskEvent.CleanedUp(Duration.ZERO));
    return events;
  }

  private static String result(TaskEvent event, TaskType type, StopCause stop, boolean doubt) {
    JobState state = stop == StopCause.NONE ? JobState.IN_PROGRESS : JobState.CANCELING;
    Transition next =
        JobStateMachine.on(event)
            .decide(job(state, stop), Optional.of(new TaskSnapshot(type, 0, doubt, 0)));
    String task =
        next.task()
            .map(
                change ->
                    change.state().name()
                        + change.outcome().map(outcome -> " " + outcome).orElse(""))
            .orElse("");
    return task + (next.stop().isPresent() ? ", job ends" : "");
  }

  private static JobSnapshot job(JobState state, StopCause stop) {
    return new JobSnapshot(state, stop, TaskType.PLAN, Map.of(), 1, 0, 0, 0);
  }

  private static void row(StringBuilder table, String... cells) {
    int[] widths = {20, 10, 29, 31, 23};
    for (int i = 0; i < cells.length; i++) {
      table.append(cell(cells[i], widths[i]));
    }
    line(table);
  }

  private static StringBuilder line(StringBuilder table) {
    table.setLength(table.toString().stripTrailing().length());
    return table.append('\n');
  }

  private static String cell(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
