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
  private static final int MOST_FAULTS = 3;
  private static final int FIRST_FAULT_MILLIS = 900;
  private static final int LATER_FAULT_MILLIS = 3_000;
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
  private boolean cancelled;
  private int kills;
  private int freezes;

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
    drawEvents();
  }

  private ViewSpec drawView(int number) {
    MergeMode[] modes = MergeMode.values();
    return new ViewSpec(
        "v" + number,
        modes[random.nextInt(modes.length)],
        LEAST_ROWS + random.nextInt(MORE_ROWS),
        1 + random.nextInt(MOST_CHUNKS));
  }

  private void drawEvents() {
    long at = random.nextInt(FIRST_FAULT_MILLIS);
    int faults = 1 + random.nextInt(MOST_FAULTS);
    for (int fault = 0; fault < faults; fault++) {
      events.add(drawFault(at));
      boolean atOnce = random.nextBoolean();
      int pause = random.nextInt(LATER_FAULT_MILLIS);
      at += atOnce ? 0 : pause;
    }
    if (random.nextInt(CANCELLED_ONE_OF) == 0) {
      events.add(new Event(random.nextInt(2 * FIRST_FAULT_MILLIS), this::cancel));
    }
  }

  private Event drawFault(long at) {
    int which = random.nextInt(MANY);
    boolean kills = random.nextBoolean();
    boolean wakesInTime = random.nextBoolean();
    long wakesAt = at + random.nextInt(FREEZE_MILLIS);
    if (kills) {
      return new Event(at, job -> kill(at, which));
    }
    return new Event(at, job -> freeze(at, which, wakesInTime ? wakesAt : Long.MAX_VALUE));
  }

  private Pod choose(int which) {
    List<Pod> awake = cluster.in(Pod.Condition.AWAKE);
    return awake.get(which % awake.size());
  }

  private void kill(long at, int which) {
    Pod pod = choose(which);
    pod.kill();
    kills++;
    tell(at, "killed " + pod.name());
  }

  private void freeze(long at, int which, long wakesAt) {
    Pod pod = choose(which);
    pod.freeze();
    freezes++;
    tell(at, "froze " + pod.name());
    if (wakesAt < Long.MAX_VALUE) {
      events.add(
          new Event(
              wakesAt,
              job -> {
                pod.thaw();
                thawed.add(pod);
                tell(wakesAt, "thawed " + pod.name());
              }));
    }
  }

  private void cancel(ClusterJob job) {
    cancelled = true;
    tell(-1, "cancels");
    job.cancel();
    tell(-1, "cancelled");
  }

  private void tell(long at, String what) {
    story.append(' ').append(at).append(" ms ").append(what).append(';');
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
    ClusterJob job = ClusterJob.submit(cluster, spec, round);
    story.append(" job ").append(job.id()).append(';');
    live(job);
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
    long start = System.nanoTime();
    while (!job.isOver()) {
      long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      if (now > Wait.DEADLINE.toMillis()) {
        throw new AssertionError("job " + job.id() + " is not over in time");
      }
      Event next = events.peek();
      if (cluster.in(Pod.Condition.AWAKE).isEmpty()) {
        cluster.reinforce();
      } else if (next != null && next.atMillis() <= now) {
        events.remove();
        next.action().accept(job);
      } else {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
      }
    }
  }
}
