// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A pod in a JVM of its own: it can be killed like a real one. It ends with its parent. */
final class PodProcess implements AutoCloseable {
  /** What a pod prints before its base URL, once it listens. */
  static final String LISTENING = "listening: ";

  /** The environment variable that a pod is told its database by: arguments are seen by others. */
  static final String JDBC_VARIABLE = "VIEWEXPORT_JDBC";

  /** The system property that makes the program a pod, which ends when its input does. */
  static final String POD_PROPERTY = "viewexport.pod";

  private static final long STOP_SECONDS = 10;

  private final Process process;
  private final BufferedReader output;

  private PodProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts it; it listens some seconds later. */
  static PodProcess start(ServerOptions options, String jdbcUrl, int port) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-D" + POD_PROPERTY + "=true",
                "-cp",
                System.getProperty("java.class.path"),
                ServerExample.class.getName()));
    command.addAll(options.podArguments(port));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put(JDBC_VARIABLE, jdbcUrl);
    return new PodProcess(builder.start());
  }

  long pid() {
    return process.pid();
  }

  /** Hands over each line that it prints; returns at its end, with its exit status. */
  int follow(Consumer<String> lines) throws IOException, InterruptedException {
    String line = output.readLine();
    while (line != null) {
      lines.accept(line);
      line = output.readLine();
    }
    return process.waitFor();
  }

  /** Waits until it listens; returns its base URL. */
  String awaitBaseUrl() throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith(LISTENING)) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException("The pod ended before it listened");
    }
    return line.substring(LISTENING.length());
  }

  /** Ends it without a word, as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Lets it end in good order, but not for ever. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
