// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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
    String line = requests.readLine();
    while (line != null) {
      oracle.answer(line);
      answers.flush();
      line = requests.readLine();
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
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.databricks.delta.snapshotPartitions", "2")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .getOrCreate();
  }

  /** Whatever a statement throws is the answer to it, so that the next one can be asked. */
  @SuppressWarnings("CatchAndPrintStackTrace")
  private void answer(String line) {
    try {
      String text = Objects.requireNonNull(Wire.cells(line).get(0));
      switch (Wire.verb(line)) {
        case Wire.EXECUTE -> spark.sql(text);
        case Wire.QUERY -> sendRows(spark.sql(text));
        case Wire.SCHEMA -> sendSchema(spark.sql(text));
        default -> throw new IllegalArgumentException("no such request");
      }
      answers.println(Wire.END);
    } catch (Exception | StackOverflowError | OutOfMemoryError failure) {
      failure.printStackTrace();
      answers.println(Wire.line(Wire.ERROR, Arrays.asList(causes(failure))));
    }
  }

  /** Every cell as text by a cast, so that no value passes through a calendar of the JVM's. */
  private void sendRows(Dataset<Row> result) {
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
      answers.println(Wire.line(Wire.ROW, cells));
    }
  }

  private static String asText(String column, DataType type) {
    return type instanceof BinaryType ? "hex(" + column + ")" : "cast(" + column + " as string)";
  }

  private void sendSchema(Dataset<Row> result) {
    for (StructField field : result.schema().fields()) {
      answers.println(
          Wire.line(Wire.ROW, Arrays.asList(field.name() + " " + field.dataType().sql())));
    }
  }

  private static String causes(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text.append("\ncaused by: ").append(cause);
    }
    return text.toString();
  }
}
