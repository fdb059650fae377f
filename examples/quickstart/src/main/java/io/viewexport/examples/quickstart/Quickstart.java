// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.JobState;
import io.viewexport.api.view.NextSince;
import io.viewexport.core.store.JobStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The command: brings the rows of a PostgreSQL view to a Delta table and shows how it went. */
public final class Quickstart {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final int PREVIEW_ROWS = 5;
  private static final int LINE_WIDTH = 110;
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrintStream out;
  private final PrintStream err;
  private final ProgressDisplay.Form form;
  private final Interruption interruption;

  Quickstart(
      PrintStream out, PrintStream err, ProgressDisplay.Form form, Interruption interruption) {
    this.out = out;
    this.err = err;
    this.form = form;
    this.interruption = interruption;
  }

  /** Runs the command and ends with its exit status: 0 exported, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    // The driver logs there, and what it logs may hold parts of the URL.
    LogManager.getLogManager().reset();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    ProgressDisplay.Form form =
        Boolean.getBoolean("viewexport.terminal")
            ? ProgressDisplay.Form.TERMINAL
            : ProgressDisplay.Form.PLAIN;
    Interruption interruption = Interruption.listen();
    int status = new Quickstart(out, err, form, interruption).run(List.of(args));
    System.exit(status);
  }

  /** Runs the command; returns its exit status. */
  int run(List<String> args) {
    if (args.contains("--help") || args.contains("-h")) {
      out.print(usage());
      return OK;
    }
    try {
      export(ArgumentParser.parse(args, Path.of("")));
      return OK;
    } catch (UsageException e) {
      fail(e.getMessage() + " (--help tells what there is)");
      return WRONG_USAGE;
    } catch (ExportRefusedException e) {
      fail("The export is refused: " + e.getMessage());
    } catch (ExportException e) {
      fail(e.message());
    } catch (JobStoreException | QuickstartException e) {
      fail(e.getMessage());
    } catch (Throwable e) {
      fail(unexpected(e));
    }
    return FAILED;
  }

  private static String unexpected(Throwable failure) {
    return failure instanceof OutOfMemoryError
        ? "The memory is not enough; give more (JAVA_OPTS=-Xmx2g) or fewer --chunks."
        : "Something failed that should not ("
            + failure.getClass().getSimpleName()
            + "); run it again with JAVA_OPTS=-Dorg.slf4j.simpleLogger.defaultLogLevel=info"
            + " and report it.";
  }

  private void fail(@Nullable String message) {
    if (!interruption.isOn()) {
      out.flush();
      err.println(String.valueOf(message).replaceAll("\\s+", " ").strip());
    }
  }

  private void export(Arguments given) {
    Arguments arguments =
        given
            .sinceFile()
            .flatMap(file -> new SinceFile(file, given).read())
            .map(given::from)
            .orElse(given);
    try (Database database = openDatabase(arguments)) {
      interruption.closeOnStop(database);
      try (ExportRun run = ExportRun.open(arguments, database)) {
        interruption.closeOnStop(run);
        if (!run.isResumed()) {
          prepare(arguments, new DatabaseSetup(database.pool()));
        } else {
          out.println("An unfinished export of the same arguments is there: going on with it.");
        }
        finish(arguments, run);
      }
    }
  }

  private Database openDatabase(Arguments arguments) {
    if (arguments.database().isPresent()) {
      return Database.open(arguments.database().get(), arguments.chunks());
    }
    out.println("Starting an embedded PostgreSQL");
    return Database.embedded(arguments.chunks());
  }

  private void prepare(Arguments arguments, DatabaseSetup setup) {
    Map<String, Long> counts = Map.of();
    if (arguments.needsSamples()) {
      out.println("Generating FHIR resources");
      counts = setup.loadSamples(new SampleResources(arguments.sampleRows()));
    } else if (!arguments.resources().isEmpty()) {
      out.println("Loading FHIR resources");
      counts = setup.load(arguments.resources());
    }
    if (!counts.isEmpty()) {
      out.println("Loaded " + text(counts));
    }
    if (arguments.viewScript().isPresent()) {
      setup.runScript(arguments.viewScript().get());
    } else if (arguments.database().isEmpty()) {
      setup.createSampleViews(counts.keySet());
    }
  }

  private static String text(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(count -> String.format(Locale.ROOT, "%,d %s", count.getValue(), count.getKey()))
        .collect(Collectors.joining(", "));
  }

  private void finish(Arguments arguments, ExportRun run) {
    out.println("Exporting " + arguments.view() + " to " + arguments.target());
    run.advice().forEach(advice -> out.println("Advice: " + advice.message()));
    long start = System.nanoTime();
    ProgressDisplay display = new ProgressDisplay(out, form, run.estimatedRows(), System::nanoTime);
    ExportJob ended = run.export(display);
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    ExportJob job = run.awaitCleanup(ended);
    out.println();
    out.println(StatusReport.render(job));
    if (job.state() != JobState.COMPLETED) {
      throw new QuickstartException(reason(job));
    }
    job.cleanupFailure()
        .ifPresent(failure -> err.println("The staging is not removed: " + failure.message()));
    preview(arguments.target());
    out.println();
    arguments.sinceFile().ifPresent(file -> keep(new SinceFile(file, arguments), job.nextSince()));
    out.println("rows: " + job.outputs().stream().mapToLong(ExportOutput::rowCount).sum());
    out.println("table: " + arguments.target());
    out.printf(Locale.ROOT, "seconds: %.1f%n", seconds);
    out.flush();
  }

  /** Where it can't be known, what there was stays: the next run reads some rows again. */
  private void keep(SinceFile file, NextSince next) {
    next.instant().ifPresent(file::write);
    next.instant().ifPresent(since -> out.println("next since: " + since));
    next.withheld()
        .ifPresent(
            why ->
                out.println(
                    "next since: as before, as it can't be known (%s): %s"
                        .formatted(why.code(), why.message())));
  }

  private static String reason(ExportJob job) {
    return job.failure()
        .map(failure -> "The export failed at " + failure.task() + ": " + failure.last().message())
        .orElse("The export was cancelled; run the same command again.");
  }

  private void preview(Path table) {
    out.println();
    try {
      TablePreview preview = TablePreview.read(table, PREVIEW_ROWS);
      out.println("The first rows of version " + preview.version() + " of the table:");
      TextTable.render(preview.columns(), preview.rows(), LINE_WIDTH).forEach(out::println);
    } catch (IOException | RuntimeException e) {
      throw new QuickstartException(
          "The export is complete, but the table can't be read back; check " + table + ".", e);
    }
  }

  private static String usage() {
    try (@Nullable InputStream text = Quickstart.class.getResourceAsStream("usage.txt")) {
      if (text == null) {
        throw new IllegalStateException("usage.txt is missing from the program");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
