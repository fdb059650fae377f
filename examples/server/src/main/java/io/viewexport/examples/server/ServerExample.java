// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import io.viewexport.examples.quickstart.SampleDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/** The command: one server with the export operations, or several that share a database. */
public final class ServerExample {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private final ServerOptions options;
  private final PrintStream out;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean stopped;

  private ServerExample(ServerOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Serves until it is stopped; ends with 1 where it can't, 2 on wrong usage. */
  public static void main(String[] args) {
    // The driver logs there, and what it logs may hold parts of the URL.
    LogManager.getLogManager().reset();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<String> arguments = List.of(args);
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.print(usage());
      return;
    }
    try {
      ServerExample example = new ServerExample(ServerOptions.parse(arguments, Path.of("")), out);
      Runtime.getRuntime().addShutdownHook(new Thread(example::stop, "stop"));
      example.run();
    } catch (UsageException e) {
      System.err.println(e.getMessage() + " (--help tells what there is)");
      System.exit(WRONG_USAGE);
    } catch (Exception e) {
      System.err.println(why(e));
      System.exit(FAILED);
    }
  }

  /** Words for the user; those of a driver or of HTTP servers may hold a URL's secrets. */
  private static String why(Exception failure) {
    String name = failure.getClass().getName();
    return name.startsWith("io.viewexport.")
        ? String.valueOf(failure.getMessage())
        : "The server did not start ("
            + failure.getClass().getSimpleName()
            + "); check that the port is free and the database can be reached.";
  }

  private void run() throws Exception {
    Files.createDirectories(options.lake());
    SampleViews.write(options.views());
    if (Boolean.getBoolean(PodProcess.POD_PROPERTY)) {
      Pod pod = opened(Pod.start(options, jdbcUrl().orElseThrow()));
      out.println(PodProcess.LISTENING + pod.baseUrl());
      // The parent holds the other end: it closes, whatever way the parent ends.
      System.in.transferTo(OutputStream.nullOutputStream());
      System.exit(0);
    }
    String database = jdbcUrl().isPresent() ? jdbcUrl().get() : startSamples();
    if (options.pods() == 1) {
      greet(opened(Pod.start(options, database)).baseUrl());
      new CountDownLatch(1).await();
    } else {
      serveByChildren(database);
    }
  }

  private Optional<String> jdbcUrl() {
    return options.jdbcUrl().or(() -> Optional.ofNullable(System.getenv(PodProcess.JDBC_VARIABLE)));
  }

  private String startSamples() {
    out.println("Starting an embedded PostgreSQL and loading generated FHIR resources");
    return opened(SampleDatabase.start(options.rows())).jdbcUrl();
  }

  private void serveByChildren(String database) throws Exception {
    List<Thread> followers = new ArrayList<>();
    for (int number = 1; number <= options.pods(); number++) {
      int port = options.port() == 0 ? 0 : options.port() + number - 1;
      PodProcess pod = opened(PodProcess.start(options, database, port));
      String name = "pod " + number + " (kill -9 " + pod.pid() + ")";
      Thread follower = new Thread(() -> follow(pod, name), name);
      follower.start();
      followers.add(follower);
    }
    for (Thread follower : followers) {
      follower.join();
    }
    if (!isStopped()) {
      System.err.println("No pod is left.");
      System.exit(FAILED);
    }
  }

  private void follow(PodProcess pod, String name) {
    try {
      int status =
          pod.follow(
              line -> {
                out.println(name + ": " + line);
                if (line.startsWith(PodProcess.LISTENING)) {
                  greet(line.substring(PodProcess.LISTENING.length()));
                }
              });
      if (!isStopped()) {
        out.println(name + " ended with status " + status + "; the others go on with its work");
      }
    } catch (IOException e) {
      out.println(name + " can't be followed any more");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void greet(String base) {
    out.print(
        """

        Ready at %1$s; Ctrl-C ends it. Export a view:
          curl -i -u ann: -H 'Prefer: respond-async' -H 'Content-Type: application/fhir+json' \\
            '%1$s/ViewDefinition/patient-flat/$viewdefinition-export' \\
            -d '%2$s'
        or every step: examples/server/follow-the-spec.sh %1$s %3$s
        """
            .formatted(base, kickOff(), options.lake()));
  }

  private String kickOff() {
    return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"tablePath\",\"valueUrl\":\""
        + options.lake().resolve("patient")
        + "\"}]}";
  }

  private synchronized <T extends AutoCloseable> T opened(T resource) {
    if (stopped) {
      close(resource);
      throw new IllegalStateException("stopped");
    }
    open.push(resource);
    return resource;
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private synchronized void stop() {
    stopped = true;
    while (!open.isEmpty()) {
      close(open.pop());
    }
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception failure) {
      System.err.println("Not closed in good order: " + failure.getClass().getSimpleName());
    }
  }

  private static String usage() {
    try (@Nullable InputStream text = ServerExample.class.getResourceAsStream("usage.txt")) {
      if (text == null) {
        throw new IllegalStateException("usage.txt is missing from the program");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("usage.txt can't be read", e);
    }
  }
}
