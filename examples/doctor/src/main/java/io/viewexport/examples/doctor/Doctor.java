// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.doctor;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.deltalake.DoctorReport;
import io.viewexport.deltalake.WorkspaceDoctor;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command: checks a workspace and prints what is missing, with the SQL that grants it. */
public final class Doctor {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String USAGE =
      """
      Checks whether exports to a table of a Databricks workspace can work.

        examples/doctor/run --workspace URL --warehouse ID --table CATALOG.SCHEMA.TABLE \\
            --staging s3://BUCKET/FOLDER --region REGION [--endpoint URL] [--path-style]

        --workspace   such as https://dbc-1234.cloud.databricks.com
        --warehouse   the id of the SQL warehouse that merges; it is started
        --table       the target; it is not changed
        --staging     where staging lies, strictly below an external location; a table vx_doctor_…
                      with one file is made there and dropped again
        --region      the region of the bucket, such as eu-central-1
        --endpoint    where the store answers, if it is not AWS
        --path-style  name the bucket in the path, as most other stores ask for

      The service principal is taken from the environment: DATABRICKS_CLIENT_ID, its application
      id, and DATABRICKS_CLIENT_SECRET.

      Exit status: 0 nothing failed, 1 something failed, 2 wrong usage.
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  Doctor(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  /** Runs the command and ends with its exit status. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Runtime.getRuntime().addShutdownHook(takingAway(Thread.currentThread()));
    int status = new Doctor(out, err, System.getenv()).run(List.of(args));
    Runtime.getRuntime().halt(status);
  }

  /** On Ctrl-C: the probe is taken away before the process ends. */
  private static Thread takingAway(Thread working) {
    return new Thread(
        () -> {
          working.interrupt();
          try {
            working.join(PATIENCE.toMillis());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Runs the command; returns its exit status. */
  int run(List<String> args) {
    if (args.contains("--help") || args.contains("-h")) {
      out.print(USAGE);
      return OK;
    }
    try {
      return examine(Arguments.parse(args, environment));
    } catch (UsageException e) {
      err.println(e.getMessage() + " (--help tells what there is)");
      return WRONG_USAGE;
    } catch (ExportStoppedException e) {
      err.println("Interrupted.");
      return FAILED;
    } catch (RuntimeException e) {
      err.println(
          "Something failed that should not ("
              + e.getClass().getSimpleName()
              + "); run it again with"
              + " JAVA_OPTS=-Dorg.slf4j.simpleLogger.defaultLogLevel=info and report it.");
      return FAILED;
    }
  }

  private int examine(Arguments arguments) {
    try (WorkspaceDoctor doctor =
        WorkspaceDoctor.create(arguments.config(), arguments::credentials)) {
      err.println("Examining; a warehouse that has to start takes minutes.");
      DoctorReport report =
          doctor.examine(arguments.table(), Optional.of(arguments.staging()), Optional.empty());
      out.print(report.text());
      return report.isHealthy() ? OK : FAILED;
    } catch (IllegalArgumentException e) {
      throw new UsageException("--table is CATALOG.SCHEMA.TABLE.");
    }
  }
}
