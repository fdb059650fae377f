// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command in a JVM of its own, which can be killed.
 *
 * @param process the JVM
 * @param log what it prints
 */
record KilledRun(Process process, Path log) {
  private static final long MOST_MINUTES = 3;

  /** Starts the command; what it prints goes to the file, its last output replaced. */
  static KilledRun start(List<String> arguments, Path log) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Quickstart.class.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new KilledRun(process, log);
  }

  /** Kills it after so long; false where it had ended by then. */
  boolean killAfter(long millis) throws InterruptedException {
    if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      return false;
    }
    process.destroyForcibly().waitFor();
    return true;
  }

  /** Waits for its end; returns its exit status. */
  int await() throws InterruptedException {
    if (killAfter(TimeUnit.MINUTES.toMillis(MOST_MINUTES))) {
      throw new IllegalStateException("not done in " + MOST_MINUTES + " minutes");
    }
    return process.exitValue();
  }

  /** What it printed. */
  List<String> output() throws IOException {
    return Files.readAllLines(log, StandardCharsets.UTF_8);
  }
}
