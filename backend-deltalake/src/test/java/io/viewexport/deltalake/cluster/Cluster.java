// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.core.ExportService;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pods on one database, and a service of this process that works at no task. For one thread. */
final class Cluster implements AutoCloseable {
  private static final String PREFIX = "pod-";
  private static final int MOST_SPARES = 2;

  private final Place place;
  private final Path logs;
  private final int size;
  private final JobStore store;
  private final ExportBackend backend;
  private final ExportService service;
  private final List<Pod> pods = new ArrayList<>();
  private final Queue<Pod> spares = new ArrayDeque<>();
  private final BlockingQueue<Reached> reached = new LinkedBlockingQueue<>();
  private int started;
  private int armed;
  private int asked;

  /** A pod at the point for which its gate was armed under a number. */
  private record Reached(String pod, String number) {}

  /**
   * Starts a cluster.
   *
   * @param place for all tables
   * @param logs the folder for what the pods say
   * @param size how many pods there are
   */
  Cluster(Place place, Path logs, int size) {
    this.place = place;
    this.logs = logs;
    this.size = size;
    store = PostgresJobStore.open(SourceDatabase.dataSource());
    StateHistory.install();
    backend = place.backend(new Gate(reached -> {}));
    service =
        PodService.create(store, PostgresViewSource.create(SourceDatabase.dataSource()), backend);
    refill();
  }

  ExportService service() {
    return service;
  }

  /** Puts spare pods in the place of dead ones, and has new spares started meanwhile. */
  void refill() {
    pods.removeIf(pod -> pod.condition() == Pod.Condition.DEAD);
    while (pods.size() < size) {
      reinforce();
    }
  }

  /** Adds a pod. */
  void reinforce() {
    addSpares(Math.max(1, spareCount()));
    Pod spare = spares.remove();
    Wait.until(spare.name() + " is ready", spare::isReady);
    spare.tell("work", "working");
    pods.add(spare);
    addSpares(spareCount());
  }

  private int spareCount() {
    return Math.min(MOST_SPARES, size - 1);
  }

  private void addSpares(int count) {
    while (spares.size() < count) {
      String name = PREFIX + ++started;
      Path log = logs.resolve(name + ".log");
      spares.add(Pod.start(name, place, log, number -> reached.add(new Reached(name, number))));
    }
  }

  /** Begins anew after a test has failed. */
  void killAll() {
    pods.forEach(Pod::kill);
  }

  List<Pod> in(Pod.Condition condition) {
    return pods.stream().filter(pod -> pod.condition() == condition).toList();
  }

  /** Another pod that is awake each time; there must be one. */
  Pod next() {
    List<Pod> awake = in(Pod.Condition.AWAKE);
    return awake.get(asked++ % awake.size());
  }

  /** Has the first pod that comes to this point held up there. */
  void arm(Point point) {
    armed++;
    in(Pod.Condition.AWAKE).forEach(pod -> pod.tell("arm " + armed + " " + point, "armed"));
  }

  /** Waits for the first pod held up; the others are let go on. */
  Pod awaitHeld() {
    return Wait.present("a pod is held up", this::held);
  }

  /** The first pod held up, once; the others are let go on. */
  Optional<Pod> held() {
    for (Reached first = reached.poll(); first != null; first = reached.poll()) {
      String name = first.pod();
      Optional<Pod> held =
          in(Pod.Condition.AWAKE).stream().filter(pod -> pod.name().equals(name)).findFirst();
      if (first.number().equals(Integer.toString(armed)) && held.isPresent()) {
        letGoAllBut(held);
        return held;
      }
    }
    return Optional.empty();
  }

  /** Opens all gates. */
  void letGo() {
    letGoAllBut(Optional.empty());
  }

  private void letGoAllBut(Optional<Pod> held) {
    armed++;
    in(Pod.Condition.AWAKE).stream()
        .filter(pod -> !held.equals(Optional.of(pod)))
        .forEach(pod -> pod.tell("open", "opened"));
  }

  /** Waits until the dead have no connection left, and the living have no transaction open. */
  void assertNoConnectionLeft() {
    String living =
        Stream.concat(pods.stream(), spares.stream())
            .filter(pod -> pod.condition() != Pod.Condition.DEAD)
            .map(pod -> "'" + pod.name() + "'")
            .collect(Collectors.joining(", "));
    String left =
        "select application_name, state from pg_stat_activity where application_name like '"
            + PREFIX
            + "%' and (application_name not in ("
            + living
            + ") or xact_start < now() - interval '2 s')";
    Wait.until(
        "no connection is left, but " + SourceDatabase.query(left),
        () -> SourceDatabase.query(left).isEmpty());
  }

  /** Ends all pods and waits until none of them has a connection. */
  @Override
  public void close() {
    pods.forEach(Pod::close);
    spares.forEach(Pod::close);
    service.close();
    backend.close();
    store.close();
    String left =
        "select application_name from pg_stat_activity where application_name like '"
            + PREFIX
            + "%'";
    Wait.until("no connection is left", () -> SourceDatabase.query(left).isEmpty());
  }
}
