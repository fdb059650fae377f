// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.Experimental;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Java process of its own, on this one's class path, for tests that kill servers for real.
 *
 * <pre>{@code
 * try (ChildJvm server = ChildJvm.start(MyServer.class, List.of("-Xmx256m"), List.of(url))) {
 *   server.awaitLine("chunk 1 written", Duration.ofMinutes(1));
 *   server.kill(); // as a crash does: nothing is finished, closed or told
 * }
 * }</pre>
 *
 * <p>What it writes, errors included, is kept for the message of whoever waits in vain. It does not
 * outlive {@link #close()}. For use by one thread.
 */
@Experimental
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> read = new ArrayList<>();

  private ChildJvm(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a main method.
   *
   * @param main the class with the method, on this JVM's class path
   * @param options of the JVM
   * @param arguments of the method
   * @return the JVM, which may not have reached the method yet
   */
  public static ChildJvm start(Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    try {
      return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException killed) {
      lines.add("(its output broke off)");
    }
  }

  /**
   * Waits for a line that begins so and was not read before; those in between are passed over.
   *
   * @param beginning how the line begins
   * @param atMost how long to wait
   * @return the whole line
   * @throws AssertionError with all that it has written, where none comes in this time
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public String awaitLine(String beginning, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError("no line begins with \"" + beginning + "\" in " + read);
      }
      read.add(line);
      if (line.startsWith(beginning)) {
        return line;
      }
    }
  }

  /**
   * Ends it as a crash does, at once.
   *
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Waits for its end and says with which code.
   *
   * @param atMost how long to wait
   * @return the exit code; 137 and the like where it was killed
   * @throws AssertionError where it does not end in this time
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public int awaitExit(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("it runs on; it wrote " + read + lines);
    }
    return process.exitValue();
  }

  /** Kills it where it runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
