// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/**
 * The program of the child JVM: answers the lines on its standard input until that ends. The
 * standard output belongs to the protocol; everything else goes to the error stream.
 */
final class OracleMain {
  private final SparkSession spark;
  private final PrintStream answers;

  private OracleMain(SparkSession spark, PrintStream answers) {
    this.spark = spark;
    this.answers = answers;
  }

  /**
   * Runs until the standard input ends.
   *
   * @param arguments the folder for Spark's own files
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers =
        new PrintStream(new BufferedOutputStream(System.out), false, StandardCharsets.UTF_8);
    System.setOut(System.err);
    OracleMain oracle = new OracleMain(session(arguments[0]), answers);
    answers.println(Wire.READY);
    answers.flush();
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ExecutorService statements = Executors.newCachedThreadPool();
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      oracle.hear(line, statements);
    }
    Runtime.getRuntime().halt(0);
  }

  private static SparkSession session(String folder) {
    return SparkSession.builder()
        .master("local[2]")
        .appName("spark-oracle")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.local.dir", folder)
        .config("spark.sql.warehouse.dir", folder + "/warehouse")
        .config("spark.sql.session.timeZone", "UTC")
        // Delta's parser drops the values of parameters; this way Spark binds them later.
        .config("spark.sql.legacy.parameterSubstitution.constantsOnly", "true")
        // Parameters pass through no calendar of the JVM's either.
        .config("spark.sql.datetime.java8API.enabled", "true")
        .config("spark.delta.logStore.file.impl", LinkingLogStore.class.getName())
        // Compiling code for a handful of rows takes longer than interpreting it.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.databricks.delta.snapshotPartitions", "2")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .getOrCreate();
  }

  /** A request to cancel overtakes the others. */
  private void hear(String line, ExecutorService statements) {
    List<@Nullable String> cells = Wire.cells(line);
    String request = Objects.requireNonNull(cells.get(0));
    if (Wire.verb(line).equals(Wire.CANCEL)) {
      spark.sparkContext().cancelJobGroupAndFutureJobs(request);
    } else {
      statements.execute(() -> answer(Wire.verb(line), request, cells.subList(1, cells.size())));
    }
  }

  /** Whatever a statement throws is the answer to it, so that the next one can be asked. */
  @SuppressWarnings("CatchAndPrintStackTrace")
  private void answer(String verb, String request, List<@Nullable String> cells) {
    List<String> lines = new ArrayList<>();
    try {
      spark.sparkContext().setJobGroup(request, request, false);
      String text = Objects.requireNonNull(cells.get(0));
      switch (verb) {
        case Wire.EXECUTE -> spark.sql(text);
        case Wire.QUERY -> addRows(lines, request, spark.sql(text));
        case Wire.SCHEMA -> addSchema(lines, request, spark.sql(text));
        case Wire.STATEMENT -> {
          Dataset<Row> result = spark.sql(text, values(cells.subList(1, cells.size())));
          addColumns(lines, request, result);
          addRows(lines, request, result);
        }
        default -> throw new IllegalArgumentException("no such request");
      }
      lines.add(Wire.line(Wire.END, request, List.of()));
    } catch (Exception | StackOverflowError | OutOfMemoryError failure) {
      failure.printStackTrace();
      lines.clear();
      lines.add(Wire.line(Wire.ERROR, request, Failures.cells(failure)));
    }
    send(lines);
  }

  private synchronized void send(List<String> lines) {
    lines.forEach(answers::println);
    answers.flush();
  }

  /** Each as Spark's own cast of its text makes it. */
  private Map<String, Object> values(List<@Nullable String> cells) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < cells.size(); i += 3) {
      String text = cells.get(i + 1);
      values.put(
          Objects.requireNonNull(cells.get(i)),
          text == null
              ? functions.lit(null)
              : spark
                  .sql("SELECT cast(:value AS " + cells.get(i + 2) + ")", Map.of("value", text))
                  .head()
                  .get(0));
    }
    return values;
  }

  /** Every cell as text by a cast, so that no value passes through a calendar of the JVM's. */
  private static void addRows(List<String> lines, String request, Dataset<Row> result) {
    StructField[] fields = result.schema().fields();
    String[] names = new String[fields.length];
    String[] casts = new String[fields.length];
    for (int i = 0; i < fields.length; i++) {
      names[i] = "c" + i;
      casts[i] = asText(names[i], fields[i].dataType());
    }
    for (Row row : result.toDF(names).selectExpr(casts).collectAsList()) {
      List<@Nullable String> cells = new ArrayList<>(fields.length);
      for (int i = 0; i < fields.length; i++) {
        cells.add(row.getString(i));
      }
      lines.add(Wire.line(Wire.ROW, request, cells));
    }
  }

  private static void addColumns(List<String> lines, String request, Dataset<Row> result) {
    for (StructField field : result.schema().fields()) {
      lines.add(
          Wire.line(
              Wire.COLUMN,
              request,
              List.of(
                  field.name(),
                  field.dataType().sql(),
                  field.dataType().json(),
                  Boolean.toString(field.nullable()))));
    }
  }

  private static String asText(String column, DataType type) {
    return type instanceof BinaryType ? "hex(" + column + ")" : "cast(" + column + " as string)";
  }

  private static void addSchema(List<String> lines, String request, Dataset<Row> result) {
    for (StructField field : result.schema().fields()) {
      String column = field.name() + " " + field.dataType().sql();
      lines.add(Wire.line(Wire.ROW, request, List.of(column)));
    }
  }
}
