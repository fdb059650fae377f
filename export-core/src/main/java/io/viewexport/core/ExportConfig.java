// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.core.retry.RetryPolicy;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How one server's export engine works. {@link #builder()} has a default for every value.
 *
 * @param workerSlots how many tasks this server runs at once, as far as the pool allows; at least 1
 * @param poolSize how many connections the host's pool for reading views has: a running chunk holds
 *     one for its whole life, and {@value #RESERVED_CONNECTIONS} are left to others
 * @param surplusChunks what becomes of requests for more chunks than {@link #chunkBudget()}
 * @param leaseDuration how long a task stays this server's without a sign of life; at least 1 s
 * @param pollInterval how long an idle server waits before it looks for work again
 * @param retryPolicy how failed work is tried again
 * @param cleanupGrace how long after the first clean-up of a job the second one follows, for
 *     workers that may be frozen
 * @param stallTimeout after how long without any progress an attempt is stopped and counts as
 *     failed
 * @param shutdownGrace how long {@link ExportService#close()} lets running tasks go on before it
 *     tells them to stop
 * @param retention how long jobs that ended are kept; at least 24 h
 * @param kindsElsewhere kinds whose backend only other servers of the cluster have: their jobs are
 *     planned there
 * @param clusterSlots how many tasks all servers of the cluster may run at once; empty: as many as
 *     their slots. It binds the claims of this server: set it alike on all
 * @param jobsPerPrincipal how many unfinished jobs of one principal may be worked at; more are
 *     accepted and wait; empty: any number. Jobs without a principal count as those of one. Set it
 *     alike on all servers
 * @param unservedTimeout after how long a job fails whose kind no server has a backend for; at
 *     least three times {@code leaseDuration}
 * @param nextSince what becomes of exports for which {@code nextSince} can't be known
 * @param sinceMargin how much older than the start of its transaction a row's timestamp may be:
 *     what is taken off {@code nextSince}
 * @param snapshotLimit for how long a snapshot that chunks share may be held: as long, the database
 *     removes no rows that were deleted or replaced meanwhile
 * @param snapshotLimitPolicy what becomes of a job that is not through by then
 */
public record ExportConfig(
    int workerSlots,
    int poolSize,
    SurplusChunks surplusChunks,
    Duration leaseDuration,
    Duration pollInterval,
    RetryPolicy retryPolicy,
    Duration cleanupGrace,
    Duration stallTimeout,
    Duration shutdownGrace,
    Duration retention,
    Set<String> kindsElsewhere,
    OptionalInt clusterSlots,
    OptionalInt jobsPerPrincipal,
    Duration unservedTimeout,
    NextSincePolicy nextSince,
    Duration sinceMargin,
    Duration snapshotLimit,
    SnapshotLimitPolicy snapshotLimitPolicy) {

  /** How many connections of the pool chunks never take. */
  public static final int RESERVED_CONNECTIONS = 4;

  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
  private static final Duration SHORTEST_POLL = Duration.ofMillis(1);
  private static final Duration SHORTEST_RETENTION = Duration.ofHours(24);

  /** Copies the kinds and checks each value's range. */
  public ExportConfig {
    Objects.requireNonNull(surplusChunks, "surplusChunks");
    Objects.requireNonNull(retryPolicy, "retryPolicy");
    Objects.requireNonNull(nextSince, "nextSince");
    Objects.requireNonNull(snapshotLimitPolicy, "snapshotLimitPolicy");
    kindsElsewhere = Set.copyOf(kindsElsewhere);
    if (workerSlots < 1) {
      throw new IllegalArgumentException("workerSlots must be at least 1: " + workerSlots);
    }
    if (poolSize <= RESERVED_CONNECTIONS) {
      throw new IllegalArgumentException(
          "poolSize must be above " + RESERVED_CONNECTIONS + ": " + poolSize);
    }
    notShorter("leaseDuration", leaseDuration, SHORTEST_LEASE);
    notShorter("pollInterval", pollInterval, SHORTEST_POLL);
    notShorter("cleanupGrace", cleanupGrace, Duration.ZERO);
    notShorter("stallTimeout", stallTimeout, SHORTEST_POLL);
    notShorter("shutdownGrace", shutdownGrace, Duration.ZERO);
    notShorter("retention", retention, SHORTEST_RETENTION);
    atLeastOne("clusterSlots", clusterSlots);
    atLeastOne("jobsPerPrincipal", jobsPerPrincipal);
    notShorter("snapshotLimit", snapshotLimit, SHORTEST_POLL);
    notShorter("sinceMargin", sinceMargin, Duration.ZERO);
    notShorter("unservedTimeout", unservedTimeout, leaseDuration.multipliedBy(3));
  }

  /** The defaults. */
  public static ExportConfig standard() {
    return builder().build();
  }

  /** Starts with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * How many tasks run at once: no more than there are connections for, were all of them chunks.
   */
  int tasksAtOnce() {
    return Math.min(workerSlots, chunkBudget());
  }

  /** The most connections that chunks may hold at once on this server. */
  public int chunkBudget() {
    return poolSize - RESERVED_CONNECTIONS;
  }

  private static void atLeastOne(String name, OptionalInt value) {
    if (value.isPresent() && value.getAsInt() < 1) {
      throw new IllegalArgumentException(name + " must be at least 1: " + value.getAsInt());
    }
  }

  private static void notShorter(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new IllegalArgumentException(name + " must be at least " + least + ": " + value);
    }
  }

  /** Collects settings; every one has a default. */
  public static final class Builder {
    private int workerSlots = 4;
    private OptionalInt poolSize = OptionalInt.empty();
    private SurplusChunks surplusChunks = SurplusChunks.REFUSE;
    private Duration leaseDuration = Duration.ofSeconds(30);
    private Duration pollInterval = Duration.ofMillis(100);
    private RetryPolicy retryPolicy = RetryPolicy.standard();
    private Duration cleanupGrace = Duration.ofMinutes(10);
    private Duration stallTimeout = Duration.ofMinutes(30);
    private Duration shutdownGrace = Duration.ofSeconds(20);
    private Duration retention = Duration.ofDays(7);
    private Set<String> kindsElsewhere = Set.of();
    private OptionalInt clusterSlots = OptionalInt.empty();
    private OptionalInt jobsPerPrincipal = OptionalInt.empty();
    private Duration unservedTimeout = Duration.ofMinutes(10);
    private NextSincePolicy nextSince = NextSincePolicy.WITHHOLD;
    private Duration sinceMargin = Duration.ofMinutes(5);
    private Duration snapshotLimit = Duration.ofHours(2);
    private SnapshotLimitPolicy snapshotLimitPolicy = SnapshotLimitPolicy.FAIL;

    private Builder() {}

    /** How many tasks this server runs at once; default 4. */
    public Builder workerSlots(int count) {
      workerSlots = count;
      return this;
    }

    /**
     * How many connections the host's pool for reading views has; default {@code workerSlots} +
     * {@value ExportConfig#RESERVED_CONNECTIONS}.
     */
    public Builder poolSize(int connections) {
      poolSize = OptionalInt.of(connections);
      return this;
    }

    /** What becomes of requests for more chunks than the pool allows at once; default refused. */
    public Builder surplusChunks(SurplusChunks surplus) {
      surplusChunks = surplus;
      return this;
    }

    /** How long a task stays this server's without a sign of life; default 30 s. */
    public Builder leaseDuration(Duration duration) {
      leaseDuration = duration;
      return this;
    }

    /** How long an idle server waits before it looks for work again; default 100 ms. */
    public Builder pollInterval(Duration interval) {
      pollInterval = interval;
      return this;
    }

    /** How failed work is tried again; default {@link RetryPolicy#standard()}. */
    public Builder retryPolicy(RetryPolicy policy) {
      retryPolicy = policy;
      return this;
    }

    /** How long after the first clean-up of a job the second follows; default 10 min. */
    public Builder cleanupGrace(Duration grace) {
      cleanupGrace = grace;
      return this;
    }

    /** After how long without progress an attempt is stopped; default 30 min. */
    public Builder stallTimeout(Duration timeout) {
      stallTimeout = timeout;
      return this;
    }

    /** How long {@link ExportService#close()} lets running tasks go on; default 20 s. */
    public Builder shutdownGrace(Duration grace) {
      shutdownGrace = grace;
      return this;
    }

    /** How long jobs that ended are kept; default 7 days. */
    public Builder retention(Duration duration) {
      retention = duration;
      return this;
    }

    /** Kinds whose backend only other servers of the cluster have; default none. */
    public Builder kindsElsewhere(Set<String> kinds) {
      kindsElsewhere = Set.copyOf(kinds);
      return this;
    }

    /** How many tasks all servers of the cluster may run at once; default no limit. */
    public Builder clusterSlots(int count) {
      clusterSlots = OptionalInt.of(count);
      return this;
    }

    /** How many unfinished jobs of one principal may be worked at; default no limit. */
    public Builder jobsPerPrincipal(int count) {
      jobsPerPrincipal = OptionalInt.of(count);
      return this;
    }

    /** After how long a job fails whose kind no server has a backend for; default 10 min. */
    public Builder unservedTimeout(Duration timeout) {
      unservedTimeout = timeout;
      return this;
    }

    /** What becomes of exports whose {@code nextSince} can't be known; default withheld. */
    public Builder nextSince(NextSincePolicy policy) {
      nextSince = policy;
      return this;
    }

    /**
     * How much older than the start of its transaction a row's timestamp may be; default 5 min.
     * Clocks of those who write timestamps that differ from the database's are part of it.
     */
    public Builder sinceMargin(Duration margin) {
      sinceMargin = margin;
      return this;
    }

    /**
     * For how long a snapshot that chunks share may keep the database from removing dead rows;
     * default 2 h.
     */
    public Builder snapshotLimit(Duration limit) {
      snapshotLimit = limit;
      return this;
    }

    /** What becomes of jobs whose shared snapshot was held for that long; default failed. */
    public Builder snapshotLimitPolicy(SnapshotLimitPolicy policy) {
      snapshotLimitPolicy = policy;
      return this;
    }

    /** The settings; throws {@link IllegalArgumentException} on a value out of range. */
    public ExportConfig build() {
      return new ExportConfig(
          workerSlots,
          poolSize.orElse(workerSlots + RESERVED_CONNECTIONS),
          surplusChunks,
          leaseDuration,
          pollInterval,
          retryPolicy,
          cleanupGrace,
          stallTimeout,
          shutdownGrace,
          retention,
          kindsElsewhere,
          clusterSlots,
          jobsPerPrincipal,
          unservedTimeout,
          nextSince,
          sinceMargin,
          snapshotLimit,
          snapshotLimitPolicy);
    }
  }
}
