// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.core.ExportService;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.JobStore;
import io.viewexport.testkit.BackendCall;
import io.viewexport.testkit.FaultPoint;
import io.viewexport.testkit.FaultyBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A server of a cluster, in a process of its own. Commands come line by line, each is answered by a
 * line; in between it says when its gate holds somebody up.
 *
 * <ul>
 *   <li>{@code arm NUMBER POINT}, {@code open}: the gate
 *   <li>{@code work}: starts the service
 *   <li>{@code submit SPEC}, {@code find ID}, {@code cancel ID}: what a client asks
 *   <li>{@code renew}: closes the service, which drains it, and starts another
 *   <li>{@code close}: ends everything and the process
 * </ul>
 *
 * <p>At the end of its input it ends at once: its parent is gone.
 */
final class PodMain {
  private static final int CONNECTIONS = 12;

  private final PrintStream out;
  private final Gate gate;
  private final HikariDataSource database;
  private final JobStore store;
  private final ExportBackend backend;
  private ExportService service;

  private PodMain(PrintStream out, String url, String name, Place place) {
    this.out = out;
    this.gate = new Gate(this::say);
    this.database = new HikariDataSource(pool(url, name));
    this.store = GatedStore.open(database, gate);
    this.backend = gated(place.backend(gate));
    this.service = service();
  }

  /**
   * Runs until it is told to close.
   *
   * @param arguments the database's URL, the pod's name, the place for all tables
   */
  public static void main(String[] arguments) throws IOException {
    PodMain pod = new PodMain(System.out, arguments[0], arguments[1], Place.parse(arguments[2]));
    pod.say("ready");
    pod.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
  }

  private static HikariConfig pool(String url, String name) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setApplicationName(name);
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    return config;
  }

  private ExportBackend gated(ExportBackend whole) {
    FaultyBackend gated = new FaultyBackend(whole);
    pass(gated, BackendCall.Kind.CHUNK, FaultPoint.MIDWAY, Point.IN_CHUNK);
    pass(gated, BackendCall.Kind.CHUNK, FaultPoint.AFTER, Point.CHUNK_COMMITTED);
    pass(gated, BackendCall.Kind.FINALIZE, FaultPoint.BEFORE, Point.BEFORE_MERGE);
    pass(gated, BackendCall.Kind.FINALIZE, FaultPoint.AFTER, Point.MERGED);
    pass(gated, BackendCall.Kind.CANCEL, FaultPoint.BEFORE, Point.BEFORE_CLEANUP);
    pass(gated, BackendCall.Kind.CANCEL, FaultPoint.AFTER, Point.CLEANED_UP);
    return gated;
  }

  private void pass(FaultyBackend gated, BackendCall.Kind call, FaultPoint where, Point point) {
    gated.inject(BackendCall.every(call), where, made -> gate.reach(point), Integer.MAX_VALUE);
  }

  private ExportService service() {
    return PodService.create(store, PostgresViewSource.create(database), backend);
  }

  private void obey(BufferedReader commands) throws IOException {
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      try {
        say(answer(line));
      } catch (RuntimeException e) {
        e.printStackTrace();
        say("error " + e.getClass().getName());
      }
      if (line.equals("close")) {
        return;
      }
    }
    Runtime.getRuntime().halt(1);
  }

  private String answer(String line) {
    String[] words = line.split(" ", 2);
    return switch (words[0]) {
      case "arm" -> {
        String[] what = words[1].split(" ", 2);
        gate.arm(what[0], Point.valueOf(what[1]));
        yield "armed";
      }
      case "open" -> {
        gate.open();
        yield "opened";
      }
      case "submit" -> service.submit(JobSpec.parse(words[1]).request()).id().value();
      case "find" -> state(service.find(new JobId(words[1])));
      case "cancel" -> state(service.cancel(new JobId(words[1])));
      case "work" -> {
        service.start();
        yield "working";
      }
      case "renew" -> {
        service.close();
        service = service();
        service.start();
        yield "renewed";
      }
      case "close" -> {
        service.close();
        backend.close();
        store.close();
        database.close();
        yield "closed";
      }
      default -> throw new IllegalArgumentException(line);
    };
  }

  private static String state(Optional<ExportJob> job) {
    return job.map(found -> found.state().name()).orElse("UNKNOWN");
  }

  private void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
