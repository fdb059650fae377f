// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static io.viewexport.testkit.RuleLevel.MUST;
import static io.viewexport.testkit.RuleLevel.SHOULD;

import io.viewexport.testkit.ContractRule;
import io.viewexport.testkit.RuleLevel;
import java.lang.reflect.Method;
import java.util.Locale;

/**
 * The rules of {@link ExportBackendContract}: what any {@link
 * io.viewexport.api.backend.ExportBackend} does. They stand, with the same numbers, in the
 * description of the package {@link io.viewexport.api.backend}. The tests of a rule begin with its
 * name, such as {@code b04_aLateAttemptLeavesTheWinnersRowsAlone}; where one fails, its message has
 * the rule's text and where to look.
 */
public enum BackendRule implements ContractRule {
  /** Planning has no effects and reports all. */
  B01(
      MUST,
      "Planning has no effects and reports every problem of the request at once.",
      "planExport: collect the problems, throw them together at the end; create nothing"),
  /** Unknown parameters are refused. */
  B02(
      MUST,
      "A parameter that the backend does not know is refused at planning.",
      "planExport: compare the names of each view's parameters with parameters()"),
  /** Capabilities are true. */
  B03(
      MUST,
      "A capability that is listed works; one that is not is refused at planning.",
      "capabilities(), and whatever stands for the one that the message names"),
  /** Attempts write to places of their own. */
  B04(
      MUST,
      "An attempt at a chunk writes only to a place that no other attempt writes to.",
      "exportChunk: put job, view, chunk and attempt into every name that it writes to"),
  /** A chunk reads all and counts it. */
  B05(
      MUST,
      "A chunk reads its rows to the end, and its receipt counts exactly these.",
      "exportChunk: loop until next() is false; count what was written, the last buffer included"),
  /** All or nothing is visible. */
  B06(
      MUST,
      "Nothing is visible in the target before finalize; after it, all of it is.",
      "setupExport and exportChunk must not write to the target; finalizeExport: one commit"),
  /** Finalize brings what the receipts name. */
  B07(
      MUST,
      "Finalize brings exactly the rows that the receipts name, reads nothing else, and deletes no"
          + " staging.",
      "finalizeExport: find the staging by the receipts' payloads, not by listing; leave it there,"
          + " and have the fixture's residue() list nothing else than staging"),
  /** Finalize can be done again. */
  B08(
      MUST,
      "Finalize done again, also on another server after any interruption, leaves the target as one"
          + " clean run does.",
      "finalizeExport: note job and view in the same commit as the rows, and look for that first"),
  /** Keys are checked before the merge. */
  B09(
      MUST,
      "NULL in a key column, and in the timestamp in mode history, fails permanently before the"
          + " target is touched; so does a key exported twice in every mode but replace, in one"
          + " chunk or in two.",
      "finalizeExport: check the keys over all chunks of the view before anything is written"),
  /** Unknown outcomes are found out. */
  B10(
      MUST,
      "What is not known to be applied or not is thrown as OUTCOME_UNKNOWN and found out by the"
          + " next attempt, never guessed.",
      "finalizeExport: how the answer to the commit is read, and the look-up at its start"),
  /** Withdrawing tells the truth for good. */
  B11(
      MUST,
      "With intent WITHDRAW finalize begins no merge and tells the truth about one that was begun;"
          + " Withdrawn holds for good, against frozen attempts too.",
      "finalizeExport: look the merge up; leave a mark that an attempt's commit runs into"),
  /** The stop signal is asked last. */
  B12(
      MUST,
      "Before an effect that others can see, the stop signal is asked: as the last thing, after the"
          + " effect is prepared.",
      "stop().throwIfStopped() just before the commit, and before deleting in cancelExport"),
  /** Clean-up removes all of the job, and nothing else. */
  B13(
      MUST,
      "Clean-up removes what every attempt left, works any number of times, also on several servers"
          + " at once, and deletes nothing of another job or of the target's owner.",
      "cancelExport: delete below the job's own place alone; what is gone already is no failure"),
  /** Clean-up keeps what is in doubt. */
  B14(
      MUST,
      "While the outcome of a view's merge is unknown, clean-up keeps its staging, or finds the"
          + " outcome out for good.",
      "cancelExport: EndedView.merge() UNKNOWN"),
  /** Nothing secret is told. */
  B15(
      MUST,
      "Messages, receipts and checkpoints hold neither row values nor secrets.",
      "texts of exceptions, issues, payloads, checkpoints and locations: name columns and counts"),
  /** Memory is bounded. */
  B16(
      MUST,
      "Memory per chunk is bounded by settings, not by the number of rows.",
      "exportChunk: what is kept of each row until the end: lists, buffers that grow"),
  /** Failures are of the right kind. */
  B17(
      MUST,
      "Every failure is an ExportException of the right kind: PERMANENT says that it would happen"
          + " again and that no attempt has merged; what may pass is RETRYABLE.",
      "where exceptions of the storage are translated; what the message names; finalizeExport: what"
          + " ends frozen attempts before a later one throws PERMANENT"),
  /** Everything runs at the same time. */
  B18(
      MUST,
      "Chunks, views and jobs can run at the same time.",
      "fields of the backend that calls share; names that are not unique; unguarded"
          + " read-then-write; locks held while rows are read"),
  /** Names and values come back. */
  B19(
      MUST,
      "Column names and values come back as they were, or are refused at planning.",
      "the type or name that the message shows: writing, quoting, encodings, the machine's zone"),
  /** What is in the target already is treated as asked. */
  B20(
      MUST,
      "Rows of a target that is there are treated as the mode says, and no others are touched.",
      "finalizeExport: the merge of the mode that the message names"),
  /** Counts are true. */
  B21(
      MUST,
      "The counts that finalize reports are true, or empty where they can't be known; a repeat says"
          + " the same or nothing, and the same location.",
      "FinalizeStep.Done: where its counts come from, above all after a replay"),
  /** Stop and interrupt end the work. */
  B22(
      MUST,
      "Work that is told to stop or is interrupted ends soon: by ExportStoppedException, or with"
          + " the thread's interrupt flag still set.",
      "catch blocks around the reading loop; catch InterruptedException, catch RuntimeException"),
  /** Rows are read one by one. */
  B23(
      MUST,
      "A row is read when the one before is written or kept in a bounded buffer, by one thread, its"
          + " bytes copied before the next; the cursor is not closed.",
      "exportChunk: what happens between two calls of next()"),
  /** Nothing is left running. */
  B24(
      MUST,
      "A closed backend has left no thread and no open file behind, and on an open one they don't"
          + " grow with the number of exports; closing again does nothing.",
      "close(); executors, clients, streams that are not closed when a chunk fails"),
  /** Setup can be repeated. */
  B25(
      MUST,
      "Setup can be done again, changes no row of the target, and finds out what would fail later.",
      "setupExport: a table of other types, a place that can't be written to"),
  /** No call needs another's memory. */
  B26(
      MUST,
      "Every call may come on another server: it needs only its context, the parameters and the"
          + " receipts.",
      "fields and statics of the backend that one call fills and another reads"),
  /** Exclusion keys name targets. */
  B27(
      MUST,
      "The exclusion key is the same for every view that is exported to one target, and another one"
          + " for another target.",
      "planExport: ExportPlan.ViewPlan.exclusionKey: canonical, without job, view or counter"),
  /** Progress and discovery. */
  B28(
      SHOULD,
      "Bytes written are reported and counted, capabilities and parameters don't change, and every"
          + " parameter is described.",
      "TaskContext.progress, ChunkReceipt.byteCount, capabilities(), parameters()");

  private final RuleLevel level;
  private final String text;
  private final String lookAt;

  BackendRule(RuleLevel level, String text, String lookAt) {
    this.level = level;
    this.text = text;
    this.lookAt = lookAt;
  }

  @Override
  public RuleLevel level() {
    return level;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public String lookAt() {
    return lookAt;
  }

  /** The rule of a test, by the test's name. */
  static BackendRule of(Method test) {
    return valueOf(test.getName().substring(0, 3).toUpperCase(Locale.ROOT));
  }
}
