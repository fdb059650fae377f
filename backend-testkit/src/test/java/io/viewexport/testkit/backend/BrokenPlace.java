// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.WriteGate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A lake in memory whose backends are broken, and what these keep beside it. */
final class BrokenPlace extends InMemoryPlace {
  static final String SECRET = "s3cr3t-4711";

  /** Staging beside that of the lake. */
  final Set<String> litter = ConcurrentHashMap.newKeySet();

  /** Rows by the payload of the receipt for them. */
  final Map<String, SampleRows> staged = new ConcurrentHashMap<>();

  /** What was seen of each job and view before, by whoever needs it. */
  final Map<String, Object> seen = new ConcurrentHashMap<>();

  private final CyclicBarrier two = new CyclicBarrier(2);
  final WriteGate gate = new WriteGate();
  private final AtomicInteger reads = new AtomicInteger();
  private final Function<BrokenPlace, ExportBackend> broken;

  BrokenPlace(Function<BrokenPlace, ExportBackend> broken) {
    this.broken = broken;
  }

  SampleRows stagedAs(String payload) {
    return Objects.requireNonNull(staged.get(payload));
  }

  @Override
  public ExportBackend openBackend() {
    return broken.apply(this);
  }

  /** Waits a moment for another server that is at the same point. */
  void meet() {
    try {
      two.await(50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | BrokenBarrierException alone) {
      two.reset();
    }
  }

  /** Returns when the targets have been read so many times more, or it takes too long. */
  void awaitReads(int more, Duration atMost) {
    long until = System.nanoTime() + atMost.toNanos();
    int wanted = reads.get() + more;
    while (reads.get() < wanted && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  @Override
  public Optional<SampleRows> read(String target, ViewSchema schema) {
    Optional<SampleRows> rows = super.read(target, schema);
    reads.incrementAndGet();
    return rows;
  }

  @Override
  public Set<String> residue() {
    Set<String> all = new TreeSet<>(super.residue());
    all.addAll(litter);
    return all;
  }

  @Override
  public List<String> secrets() {
    return List.of(SECRET);
  }

  @Override
  public OptionalLong memoryPerChunk() {
    return OptionalLong.of(4 * 1024 * 1024);
  }

  @Override
  public Optional<WriteGate> writeGate() {
    return Optional.of(gate);
  }
}
