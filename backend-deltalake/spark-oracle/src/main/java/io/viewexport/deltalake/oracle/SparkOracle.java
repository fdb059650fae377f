// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Spark SQL with Delta Lake, in a JVM of its own: an independent reader of what the library wrote,
 * and a writer of the tables that it has to cope with.
 *
 * <p>Tables are named by path: {@code SELECT * FROM delta.`/data/patient`}, see {@link #table}. The
 * session's time zone is UTC. Safe for use by many threads; statements run one after the other, but
 * for those of {@link #submit}.
 */
public final class SparkOracle implements AutoCloseable {
  private final SparkProcess process;
  private final Conversation conversation;

  private SparkOracle(SparkProcess process) {
    this.process = process;
    this.conversation = new Conversation(process);
    conversation.start();
  }

  /** The oracle of this JVM, started by the first call and ended with the JVM. */
  public static SparkOracle shared() {
    return Shared.INSTANCE;
  }

  /** Starts one; the caller closes it. Takes some seconds. */
  public static SparkOracle start() {
    SparkProcess process = SparkProcess.start();
    try {
      String line = process.receive();
      if (!line.equals(Wire.READY)) {
        throw new SparkOracleException("Spark began with: " + line, null);
      }
      return new SparkOracle(process);
    } catch (RuntimeException e) {
      process.stop();
      throw e;
    }
  }

  /** How SQL names the Delta table in this folder: {@code delta.`/data/patient`}. */
  public static String table(Path path) {
    return "delta." + quote(path.toAbsolutePath().toString());
  }

  /** A name as SQL writes it, whatever its characters. */
  public static String quote(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /**
   * Runs a query and returns its rows, each cell as text.
   *
   * <p>Text is what SQL's cast gives: dates as {@code 2024-02-29}, timestamps in UTC as {@code
   * 2024-02-29 12:00:00.123456} without trailing zeros, booleans as {@code true}, decimals with
   * their scale; binary values come in upper-case hexadecimal. No value passes through a calendar.
   *
   * @throws SparkOracleException with Spark's text where the query fails
   */
  public List<List<@Nullable String>> query(String sql) {
    return ask(Wire.QUERY, sql);
  }

  /**
   * Runs a statement for its effect, such as {@code CREATE TABLE} or {@code MERGE}.
   *
   * @throws SparkOracleException with Spark's text where it fails
   */
  public void execute(String sql) {
    ask(Wire.EXECUTE, sql);
  }

  /** Starts a statement with values for its named markers; it runs beside others. */
  public SparkStatement submit(String sql, List<SqlParameter> parameters) {
    List<@Nullable String> cells = new ArrayList<>();
    for (SqlParameter parameter : parameters) {
      cells.add(parameter.name());
      cells.add(parameter.value());
      cells.add(parameter.type());
    }
    Conversation.Question question = conversation.ask(Wire.STATEMENT, sql, cells);
    return new SparkStatement(question.answer(), () -> conversation.cancel(question));
  }

  /** The number of rows of the Delta table in this folder. */
  public long count(Path path) {
    return Long.parseLong(single("SELECT count(*) FROM " + table(path)));
  }

  /** The columns of the Delta table in this folder, in order, such as {@code id STRING}. */
  public List<String> schema(Path path) {
    return ask(Wire.SCHEMA, "SELECT * FROM " + table(path)).stream()
        .map(row -> Objects.requireNonNull(row.get(0)))
        .toList();
  }

  /**
   * A sum over the contents of these columns of the Delta table in this folder: equal for the same
   * rows in whatever order, and different, but for an accident of a 64-bit hash, where a row is
   * missing, doubled or changed.
   */
  public String digest(Path path, List<String> columns) {
    return digestOf(table(path), columns);
  }

  /**
   * {@link #digest} over anything that can stand after {@code FROM}.
   *
   * @param relation such as {@code delta.`/data/patient`} or a query in parentheses; it is SQL
   */
  public String digestOf(String relation, List<String> columns) {
    StringJoiner values = new StringJoiner(", ");
    for (String column : columns) {
      // The hash passes NULLs over: whether a value is one is hashed beside it.
      values.add(quote(column) + " IS NULL, " + quote(column));
    }
    return single(
        "SELECT count(*) || ' rows, ' || coalesce(sum(cast(xxhash64("
            + values
            + ") AS decimal(38, 0))), 0) FROM "
            + relation);
  }

  /** Ends Spark and its JVM. Any number of times. */
  @Override
  public void close() {
    process.stop();
  }

  private String single(String sql) {
    return Objects.requireNonNull(query(sql).get(0).get(0));
  }

  private synchronized List<List<@Nullable String>> ask(String verb, String sql) {
    try {
      return conversation.ask(verb, sql, List.of()).answer().join().rows();
    } catch (CompletionException e) {
      throw e.getCause() instanceof SparkOracleException failure ? failure.here() : e;
    }
  }

  /** Started by whoever asks first. */
  private static final class Shared {
    static final SparkOracle INSTANCE = startWithHook();

    private static SparkOracle startWithHook() {
      SparkOracle oracle = start();
      Runtime.getRuntime().addShutdownHook(new Thread(oracle::close, "spark-oracle-end"));
      return oracle;
    }
  }
}
