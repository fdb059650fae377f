// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Requests to the child JVM and the answers to each, in whatever order they come. */
final class Conversation {
  private final SparkProcess process;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, Question> open = new ConcurrentHashMap<>();
  private volatile @Nullable SparkOracleException end;

  Conversation(SparkProcess process) {
    this.process = process;
  }

  /** Begins to listen. */
  void start() {
    Thread listener = new Thread(this::listen, "spark-oracle-answers");
    listener.setDaemon(true);
    listener.start();
  }

  Question ask(String verb, String sql, List<@Nullable String> more) {
    Question question = new Question(Long.toString(numbers.incrementAndGet()), sql);
    open.put(question.number, question);
    List<@Nullable String> cells = new ArrayList<>();
    cells.add(sql);
    cells.addAll(more);
    send(Wire.line(verb, question.number, cells));
    SparkOracleException ended = end;
    if (ended != null) {
      question.answer.completeExceptionally(ended);
    }
    return question;
  }

  void cancel(Question question) {
    send(Wire.line(Wire.CANCEL, question.number, List.of()));
  }

  private synchronized void send(String line) {
    process.send(line);
  }

  private void listen() {
    try {
      while (true) {
        hear(process.receive());
      }
    } catch (SparkOracleException e) {
      end = e;
    } catch (RuntimeException e) {
      // What follows would be taken for the answer to another question.
      end = new SparkOracleException("Spark's JVM answered what can't be read", e);
      process.stop();
    }
    for (Question question : open.values()) {
      question.answer.completeExceptionally(Objects.requireNonNull(end));
    }
  }

  private void hear(String line) {
    List<@Nullable String> cells = Wire.cells(line);
    String number = Objects.requireNonNull(cells.get(0));
    Question question = Objects.requireNonNull(open.get(number));
    List<@Nullable String> rest = cells.subList(1, cells.size());
    switch (Wire.verb(line)) {
      case Wire.COLUMN -> question.columns.add(column(rest));
      case Wire.ROW -> question.rows.add(rest);
      case Wire.END -> {
        open.remove(number);
        question.answer.complete(new SqlResult(question.columns, question.rows));
      }
      case Wire.ERROR -> {
        open.remove(number);
        question.answer.completeExceptionally(failure(question, rest));
      }
      default -> throw new IllegalStateException(line);
    }
  }

  private static SqlResult.Column column(List<@Nullable String> cells) {
    return new SqlResult.Column(
        Objects.requireNonNull(cells.get(0)),
        Objects.requireNonNull(cells.get(1)),
        Objects.requireNonNull(cells.get(2)),
        Boolean.parseBoolean(cells.get(3)));
  }

  private static SparkOracleException failure(Question question, List<@Nullable String> cells) {
    return new SparkOracleException(
        cells.get(0) + "\nin: " + question.sql,
        null,
        new SparkError(
            Objects.requireNonNull(cells.get(1)),
            Objects.requireNonNull(cells.get(2)),
            Objects.requireNonNull(cells.get(3))));
  }

  /** A request, and what has come of its answer. The lists belong to the listener until then. */
  static final class Question {
    private final String number;
    private final String sql;
    private final List<SqlResult.Column> columns = new ArrayList<>();
    private final List<List<@Nullable String>> rows = new ArrayList<>();
    private final CompletableFuture<SqlResult> answer = new CompletableFuture<>();

    private Question(String number, String sql) {
      this.number = number;
      this.sql = sql;
    }

    CompletableFuture<SqlResult> answer() {
      return answer;
    }
  }
}
