// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.deltalake.testing.SourceDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A {@link PodMain}, its process in our hand. For one thread. */
final class Pod implements AutoCloseable {
  /** What we did to it. */
  enum Condition {
    AWAKE,
    FROZEN,
    DEAD
  }

  private final String name;
  private final Process process;
  private final Writer in;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private Condition condition = Condition.AWAKE;
  private boolean ready;

  private Pod(String name, Process process) {
    this.name = name;
    this.process = process;
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts one; it may be asked something once it is ready.
   *
   * @param place for all tables
   * @param log where its own output goes
   * @param onReached hears the number under which the gate was armed that holds somebody up
   */
  static Pod start(String name, Place place, Path log, Consumer<String> onReached) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx160m",
                  "-Xshare:auto",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                  "-Dorg.slf4j.simpleLogger.log.io.viewexport=info",
                  "-Dorg.slf4j.simpleLogger.showDateTime=true",
                  "-cp",
                  System.getProperty("java.class.path"),
                  PodMain.class.getName(),
                  SourceDatabase.jdbcUrl(),
                  name,
                  place.toString())
              .redirectError(log.toFile())
              .start();
      Pod pod = new Pod(name, process);
      Thread reader = new Thread(() -> pod.listen(onReached), name);
      reader.setDaemon(true);
      reader.start();
      return pod;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen(Consumer<String> onReached) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("reached ")) {
          onReached.accept(line.substring("reached ".length()));
        } else {
          answers.add(line);
        }
      }
    } catch (IOException killed) {
      answers.add("gone");
    }
  }

  String name() {
    return name;
  }

  Condition condition() {
    return condition;
  }

  /** Whether it has begun to listen. */
  boolean isReady() {
    ready = ready || "ready".equals(answers.poll());
    return ready;
  }

  /** Sends a command and waits for its answer. */
  String ask(String command) {
    send(command);
    return answer(command);
  }

  /** Sends a command that has one proper answer. */
  void tell(String command, String properAnswer) {
    expect(properAnswer, ask(command));
  }

  private void expect(String proper, String answer) {
    if (!answer.equals(proper)) {
      throw new AssertionError(name + " said " + answer + " instead of " + proper);
    }
  }

  private void send(String command) {
    try {
      in.write(command + "\n");
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is gone", e);
    }
  }

  private String answer(String question) {
    try {
      String answer = answers.poll(Wait.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        throw new AssertionError(name + " gave no answer to " + question);
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it without a word. */
  void kill() {
    condition = Condition.DEAD;
    process.destroyForcibly();
    Wait.until(name + " is dead", () -> !process.isAlive());
  }

  /** Stops all its threads where they are. */
  void freeze() {
    condition = Condition.FROZEN;
    signal("STOP");
    Wait.until(name + " is frozen", this::isStopped);
  }

  /** Lets it go on; also whoever is held up at its gate. */
  void thaw() {
    condition = Condition.AWAKE;
    send("open");
    signal("CONT");
    expect("opened", answer("open"));
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean isStopped() {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      return threads.map(thread -> thread.resolve("stat")).allMatch(Pod::isStopped);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The state follows the name in parentheses. */
  private static boolean isStopped(Path stat) {
    try {
      String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
      return List.of('T', 'X', 'Z').contains(line.charAt(line.lastIndexOf(')') + 2));
    } catch (IOException ended) {
      return true;
    }
  }

  /** Ends it in good order; kills it where it is not awake. */
  @Override
  public void close() {
    if (condition == Condition.AWAKE && isReady()) {
      tell("close", "closed");
      condition = Condition.DEAD;
      Wait.until(name + " has ended", () -> !process.isAlive());
    } else if (condition != Condition.DEAD) {
      kill();
    }
  }
}
