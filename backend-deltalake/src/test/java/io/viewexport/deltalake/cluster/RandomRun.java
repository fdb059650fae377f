// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One job and what befalls its pods, all of it drawn from a seed and a number. */
final class RandomRun {
  private static final long SPREAD = 1_000_003;
  private static final int MOST_VIEWS = 3;
  private static final int LEAST_ROWS = 200;
  private static final int MORE_ROWS = 2_000;
  private static final int MOST_CHUNKS = 4;
  private static final int MOST_MORE_FAULTS = 2;
  private static final int FIRST_FAULT_MILLIS = 600;
  private static final int LATER_FAULT_MILLIS = 1_500;
  private static final int CANCEL_MILLIS = 1_500;
  private static final int FREEZE_MILLIS = 2_500;
  private static final int CANCELLED_ONE_OF = 3;
  private static final int MANY = 1_000;
  private static final int PAUSE_MILLIS = 4;

  private final Cluster cluster;
  private final Random random;
  private final JobSpec spec;
  private final int round;
  private final Queue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atMillis));
  private final List<Pod> thawed = new ArrayList<>();
  private final StringBuilder story = new StringBuilder();
  private Optional<Ambush> ambush = Optional.empty();
  private long submittedAt;
  private boolean cancelled;
  private int kills;
  private int freezes;

  /**
   * What is done to a pod.
   *
   * @param which of those that are awake, where no point names it
   * @param kills whether it is killed; else it is frozen
   * @param wakesAfter after how many milliseconds; empty where only the job's end wakes it
   */
  private record Fault(int which, boolean kills, OptionalInt wakesAfter) {}

  /** A fault for the first pod at a point. */
  private record Ambush(Point point, Fault fault) {}

  /** What happens to a job so long after it was submitted. */
  private record Event(long atMillis, Consumer<ClusterJob> action) {}

  /** Draws a run; the tables go to a folder of its own. */
  RandomRun(Cluster cluster, Path root, long seed, int number) throws IOException {
    this.cluster = cluster;
    random = new Random(seed * SPREAD + number);
    String schema = SourceDatabase.newSchema();
    List<ViewSpec> views = new ArrayList<>();
    int count = 1 + random.nextInt(MOST_VIEWS);
    for (int view = 0; view < count; view++) {
      views.add(drawView(view));
    }
    spec = new JobSpec(schema, Files.createDirectory(root.resolve(schema)), views);
    round = random.nextInt(2);
    drawFaults();
  }

  private ViewSpec drawView(int number) {
    return new ViewSpec(
        "v" + number,
        draw(List.of(MergeMode.values())),
        LEAST_ROWS + random.nextInt(MORE_ROWS),
        1 + random.nextInt(MOST_CHUNKS));
  }

  /** Half of the runs begin with a fault at a point, the others with one at a time. */
  private void drawFaults() {
    long at = random.nextInt(FIRST_FAULT_MILLIS);
    Point drawn = draw(List.of(Point.values()));
    Fault first = drawFault();
    if (random.nextBoolean()) {
      ambush = Optional.of(new Ambush(drawn, first));
    } else {
      addFault(at, first);
    }
    int more = random.nextInt(MOST_MORE_FAULTS + 1);
    for (int fault = 0; fault < more; fault++) {
      boolean atOnce = random.nextBoolean();
      int pause = random.nextInt(LATER_FAULT_MILLIS);
      at += atOnce ? 0 : pause;
      addFault(at, drawFault());
    }
    if (random.nextInt(CANCELLED_ONE_OF) == 0) {
      events.add(new Event(random.nextInt(CANCEL_MILLIS), this::cancel));
    }
  }

  private <T> T draw(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private Fault drawFault() {
    int which = random.nextInt(MANY);
    boolean kills = random.nextBoolean();
    boolean wakesInTime = random.nextBoolean();
    int wakesAfter = random.nextInt(FREEZE_MILLIS);
    return new Fault(which, kills, wakesInTime ? OptionalInt.of(wakesAfter) : OptionalInt.empty());
  }

  private void addFault(long at, Fault fault) {
    events.add(
        new Event(
            at,
            job -> {
              List<Pod> awake = cluster.in(Pod.Condition.AWAKE);
              strike(awake.get(fault.which() % awake.size()), fault);
            }));
  }

  private void strike(Pod pod, Fault fault) {
    if (fault.kills()) {
      pod.kill();
      kills++;
      tell("killed " + pod.name());
      return;
    }
    pod.freeze();
    freezes++;
    tell("froze " + pod.name());
    fault.wakesAfter().ifPresent(pause -> events.add(new Event(now() + pause, job -> thaw(pod))));
  }

  private void thaw(Pod pod) {
    pod.thaw();
    thawed.add(pod);
    tell("thawed " + pod.name());
  }

  private void cancel(ClusterJob job) {
    cancelled = true;
    tell("cancels");
    job.cancel();
    tell("cancelled");
  }

  private long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - submittedAt);
  }

  private void tell(String what) {
    story.append(' ').append(now()).append(" ms ").append(what).append(';');
  }

  int kills() {
    return kills;
  }

  int freezes() {
    return freezes;
  }

  /** What happened, for people. */
  @Override
  public String toString() {
    return spec + ", round " + round + ":" + story;
  }

  /** Runs it to its end and checks what is left. */
  void run() throws IOException {
    cluster.refill();
    if (round > 0) {
      ClusterJob.submit(cluster, spec, 0).awaitOver();
    }
    ambush.ifPresent(waiting -> cluster.arm(waiting.point()));
    submittedAt = System.nanoTime();
    ClusterJob job = ClusterJob.submit(cluster, spec, round);
    story.append(" job ").append(job.id()).append(';');
    live(job);
    cluster.letGo();
    drain(thawed);
    List<Pod> frozen = cluster.in(Pod.Condition.FROZEN);
    Picture before = job.picture();
    frozen.forEach(Pod::thaw);
    drain(frozen);
    job.picture().assertSameAs(before);
    if (cancelled) {
      Aftermath.check(job, JobState.CANCELLED, JobState.COMPLETED);
    } else {
      Aftermath.checkCompleted(job);
    }
  }

  /** Has pods end all that they were at when they were frozen. */
  private static void drain(List<Pod> pods) {
    pods.stream()
        .filter(pod -> pod.condition() == Pod.Condition.AWAKE)
        .forEach(pod -> pod.tell("renew", "renewed"));
  }

  private void live(ClusterJob job) {
    while (!job.isOver()) {
      if (now() > Wait.DEADLINE.toMillis()) {
        throw new AssertionError("job " + job.id() + " is not over in time");
      }
      Event next = events.peek();
      if (cluster.in(Pod.Condition.AWAKE).isEmpty()) {
        cluster.reinforce();
      } else if (next != null && next.atMillis() <= now()) {
        events.remove();
        next.action().accept(job);
      } else {
        ambush.ifPresent(this::lieInWait);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
      }
    }
  }

  private void lieInWait(Ambush waiting) {
    Optional<Pod> held = cluster.held();
    if (held.isPresent()) {
      ambush = Optional.empty();
      tell("at " + waiting.point());
      strike(held.get(), waiting.fault());
    }
  }
}
