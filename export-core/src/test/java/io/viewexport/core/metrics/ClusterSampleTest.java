// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.core.store.JobStoreException;
import io.viewexport.core.store.QueueStats;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClusterSampleTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);
  private final AtomicLong asked = new AtomicLong();

  private static QueueStats stats(long due) {
    return new QueueStats(due, Optional.empty(), 0, 0, 0, Optional.empty());
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void theStoreIsAskedAtMostEveryFiveSeconds() {
    ClusterSample sample =
        new ClusterSample(() -> Optional.of(stats(asked.incrementAndGet())), now::get);

    assertThat(sample.latest()).contains(stats(1));
    pass(Duration.ofMillis(4999));
    assertThat(sample.latest()).contains(stats(1));
    pass(Duration.ofMillis(1));
    assertThat(sample.latest()).contains(stats(2));
  }

  @Test
  void aStoreThatCannotBeReachedIsLeftInPeaceJustTheSame() {
    ClusterSample sample =
        new ClusterSample(
            () -> {
              pass(Duration.ofMinutes(2));
              if (asked.incrementAndGet() == 1) {
                throw new JobStoreException("away", null);
              }
              return Optional.of(stats(7));
            },
            now::get);

    assertThat(sample.latest()).isEmpty();
    assertThat(sample.latest()).isEmpty();
    assertThat(asked).hasValue(1);
    pass(ClusterSample.FRESH);
    assertThat(sample.latest()).contains(stats(7));
  }

  @Test
  void nobodyWaitsForAnAnswerThatAnotherAwaits() throws Exception {
    CountDownLatch asking = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    ClusterSample sample =
        new ClusterSample(
            () -> {
              if (asked.incrementAndGet() == 2) {
                asking.countDown();
                await(answer);
              }
              return Optional.of(stats(asked.get()));
            },
            now::get);
    assertThat(sample.latest()).contains(stats(1));
    pass(ClusterSample.FRESH);
    CompletableFuture<Optional<QueueStats>> slow = CompletableFuture.supplyAsync(sample::latest);
    await(asking);

    assertThat(sample.latest()).contains(stats(1));
    pass(ClusterSample.WORTHLESS);
    assertThat(sample.latest()).isEmpty();
    assertThat(asked).hasValue(2);
    answer.countDown();
    assertThat(slow.get(30, TimeUnit.SECONDS)).contains(stats(2));
    assertThat(sample.latest()).contains(stats(2));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void codesThatBackendsMakeUpBecomeFewTags() {
    FailureCodes codes = new FailureCodes();
    Set<String> tags = new HashSet<>();
    assertThat(codes.bounded("null-keys")).isEqualTo("null-keys");
    for (int i = 0; i < 10_000; i++) {
      tags.add(codes.bounded("row-" + i));
    }
    assertThat(tags).hasSize(FailureCodes.MOST).contains(FailureCodes.OTHER);
    assertThat(codes.bounded("null-keys")).isEqualTo("null-keys");
  }
}
