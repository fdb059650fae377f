// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import io.viewexport.deltalake.oracle.SparkError;
import io.viewexport.deltalake.oracle.SparkOracleException;
import io.viewexport.deltalake.oracle.SparkStatement;
import io.viewexport.deltalake.oracle.SqlResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The SQL warehouse: runs statements on Spark. Safe for use by many threads. */
public final class Warehouse implements AutoCloseable {
  private final Clock clock;
  private final SparkCatalog spark;
  private final UnityCatalog catalog;
  private final SqlGrants grants;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Statement> statements = new CopyOnWriteArrayList<>();
  private final List<StatementFault> faults = new ArrayList<>();
  private volatile Instant warmFrom = Instant.MIN;
  private volatile boolean obeysCancel = true;

  Warehouse(Clock clock, SparkCatalog spark, UnityCatalog catalog, SqlGrants grants) {
    this.clock = clock;
    this.spark = spark;
    this.catalog = catalog;
    this.grants = grants;
  }

  /** Lets something go wrong with one statement. */
  public void inject(StatementFault fault) {
    synchronized (faults) {
      faults.add(fault);
    }
  }

  /** Statements stay pending for this long by the workspace's clock. */
  public void coldFor(Duration time) {
    warmFrom = clock.instant().plus(time);
  }

  /** Requests to cancel are acknowledged from now on, and nothing more. */
  public void ignoreCancel() {
    obeysCancel = false;
  }

  /** Requests to cancel are followed again. */
  public void obeyCancel() {
    obeysCancel = true;
  }

  /** The results of all statements that succeeded are gone. */
  public void dropResults() {
    statements.forEach(Statement::closes);
  }

  /** The statements that were submitted, in order. */
  public List<String> submitted() {
    return statements.stream().map(statement -> statement.request().sql()).toList();
  }

  /** The tags and the parameters of the statements that were submitted, in order, as text. */
  public List<String> tagged() {
    return statements.stream()
        .map(statement -> statement.request().tags() + " " + statement.request().parameters())
        .toList();
  }

  /** Returns once this statement has ended. */
  public void awaitEnd(String statementId) throws InterruptedException {
    if (!find(statementId).orElseThrow().awaitEnd(Duration.ofMinutes(2))) {
      throw new IllegalStateException("statement " + statementId + " does not end");
    }
  }

  /** Returns once all statements that were submitted have ended. */
  public void awaitEnds() throws InterruptedException {
    for (Statement statement : statements()) {
      awaitEnd(statement.id());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    statements.forEach(statement -> statement.cancel(clock.instant()));
  }

  boolean isWarm() {
    return !clock.instant().isBefore(warmFrom);
  }

  List<Statement> statements() {
    startPending();
    return List.copyOf(statements);
  }

  Optional<Statement> find(String id) {
    return statements().stream().filter(one -> one.id().equals(id)).findFirst();
  }

  Statement submit(StatementRequest request) {
    Statement statement = new Statement(request, clock.instant(), warmFrom);
    statements.add(statement);
    startPending();
    return statement;
  }

  void cancel(Statement statement) {
    if (obeysCancel) {
      statement.cancel(clock.instant());
    }
  }

  /** The clock only tells when it is asked: so each call starts what can start by now. */
  private void startPending() {
    for (Statement statement : statements) {
      if (statement.starts(clock.instant())) {
        threads.execute(() -> run(statement));
      }
    }
  }

  private void run(Statement statement) {
    try {
      statement.succeeds(runOnSpark(statement), clock.instant());
    } catch (StatementFailure e) {
      statement.fails(e.error(), clock.instant());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      statement.fails(new SparkError("", "", "the workspace ends"), clock.instant());
    } catch (RuntimeException e) {
      statement.fails(error(e), clock.instant());
    }
  }

  private SqlResult runOnSpark(Statement statement) throws InterruptedException {
    StatementRequest request = statement.request();
    StatementFault fault = takeFault(request.sql());
    reach(fault, Fault.Moment.BEFORE_EFFECT, statement);
    grants.require(request.principal(), request.sql());
    catalog.prepare(request.sql());
    SparkStatement running =
        spark.spark().submit(spark.localized(request.sql()), request.parameters());
    statement.runsAs(running);
    SqlResult result = running.result().join();
    SqlGrants.dropped(request.sql()).ifPresent(catalog::forget);
    reach(fault, Fault.Moment.AFTER_EFFECT, statement);
    return result;
  }

  private static void reach(
      @Nullable StatementFault fault, Fault.Moment moment, Statement statement)
      throws InterruptedException {
    if (fault != null) {
      fault.at(moment, statement);
    }
  }

  private @Nullable StatementFault takeFault(String sql) {
    synchronized (faults) {
      Optional<StatementFault> fault = faults.stream().filter(one -> one.concerns(sql)).findFirst();
      fault.ifPresent(faults::remove);
      return fault.orElse(null);
    }
  }

  private static SparkError error(RuntimeException failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof SparkOracleException spark && spark.error().isPresent()) {
      return spark.error().get();
    }
    return new SparkError("", "", String.valueOf(cause));
  }
}
