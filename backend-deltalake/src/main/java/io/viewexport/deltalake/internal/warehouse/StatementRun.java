// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.TaskContext;
import io.viewexport.api.job.JobId;
import io.viewexport.deltalake.internal.merge.SqlStatement;
import io.viewexport.deltalake.internal.schema.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Short statements that are waited for: queries, and changes of columns, which may run twice. Safe
 * for use by many threads.
 */
public final class StatementRun {
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /** How often a statement is run anew because another writer was first. */
  private static final int MAX_CONFLICTS = 3;

  private final SqlWarehouse warehouse;
  private final WarehouseSettings settings;
  private final Consumer<Duration> pause;

  /**
   * Runs statements in this warehouse.
   *
   * @param pause waits; returns early or throws where the work is to stop
   */
  public StatementRun(
      SqlWarehouse warehouse, WarehouseSettings settings, Consumer<Duration> pause) {
    this.warehouse = Objects.requireNonNull(warehouse, "warehouse");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.pause = Objects.requireNonNull(pause, "pause");
  }

  /**
   * What is run, and for whom.
   *
   * @param doing what fails if it does, as the beginning of a sentence
   * @param target the table that it is about
   * @param view the number of the view
   */
  public record Purpose(String doing, TableName target, int view) {
    /** Checks that none is null. */
    public Purpose {
      Objects.requireNonNull(doing, "doing");
      Objects.requireNonNull(target, "target");
    }
  }

  /**
   * For whom statements are run.
   *
   * @param tag says it in the warehouse's history
   * @param stop ends the waiting
   * @param progress called while it is waited
   */
  private record Caller(StatementTag tag, StopSignal stop, Runnable progress) {}

  /**
   * Runs a statement to its end and returns its rows, each by column. One that adds a column that
   * is there already has succeeded.
   *
   * @throws ExportException {@code PERMANENT} or {@code RETRYABLE}; it may have had its effect
   */
  public List<Map<String, @Nullable String>> await(
      SqlStatement statement, Purpose purpose, TaskContext context) {
    StatementTag tag =
        new StatementTag(context.jobId(), purpose.view(), context.attempt(), "setup", 1);
    return run(statement, purpose, new Caller(tag, context.stop(), () -> context.progress(0)));
  }

  /**
   * Runs a statement that changes nothing, for those who check a set-up.
   *
   * @param id tells it from others in the warehouse's history
   * @throws ExportException {@code PERMANENT} or {@code RETRYABLE}
   */
  public void probe(SqlStatement statement, Purpose purpose, JobId id, StopSignal stop) {
    StatementTag tag = new StatementTag(id, purpose.view(), 1, "doctor", 1);
    run(statement, purpose, new Caller(tag, stop, () -> {}));
  }

  private List<Map<String, @Nullable String>> run(
      SqlStatement statement, Purpose purpose, Caller caller) {
    var subject = new WarehouseFailures.Subject(purpose.doing(), warehouse.id(), purpose.target());
    for (int conflicts = 0; ; conflicts++) {
      caller.stop().throwIfStopped();
      String running = warehouse.submitHarmless(statement, caller.tag(), subject, caller.stop());
      StatementAnswer answer = end(running, subject, caller);
      if (answer.state().isApplied()) {
        return warehouse.rows(answer.id(), caller.stop()).orElse(List.of());
      } else if (answer.state() == StatementAnswer.State.CANCELED) {
        throw WarehouseFailures.cancelled(subject);
      }
      Remedy remedy = WarehouseFailures.remedy(answer.failure());
      if (remedy == Remedy.DONE) {
        return List.of();
      } else if (remedy != Remedy.REPEAT || conflicts >= MAX_CONFLICTS) {
        throw WarehouseFailures.ofStatement(answer.failure(), subject);
      }
    }
  }

  private StatementAnswer end(String statement, WarehouseFailures.Subject subject, Caller caller) {
    Duration waited = Duration.ZERO;
    Duration wait = FIRST_WAIT;
    while (true) {
      caller.stop().throwIfStopped();
      caller.progress().run();
      Optional<StatementAnswer> answer = warehouse.find(statement, caller.stop());
      if (answer.isEmpty()) {
        throw WarehouseFailures.notUnderstood(warehouse.id());
      } else if (answer.get().state().isFinal()) {
        return answer.get();
      } else if (waited.compareTo(settings.pendingWithin()) > 0) {
        warehouse.cancel(statement, caller.stop());
        throw WarehouseFailures.notStarted(subject);
      }
      pause.accept(wait);
      waited = waited.plus(wait);
      wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
    }
  }
}
