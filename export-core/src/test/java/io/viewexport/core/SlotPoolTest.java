// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.core.retry.Retries;
import io.viewexport.core.store.QueueStats;
import io.viewexport.core.store.TestJobs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotPoolTest {
  private final Rig rig = new Rig();

  @Test
  void whatWasClaimedAsTheServerClosedIsGivenBackAtOnce() {
    rig.store.create(TestJobs.planned(2, 1));
    Events events = new Events(List.of());
    ExportConfig config = ExportConfig.standard();
    LeaseTerms terms = new LeaseTerms(config.leaseDuration(), config.stallTimeout());
    LeaseKeeper keeper = new LeaseKeeper(rig.store, terms, rig.clock, Runnable::run);
    TaskRunner runner =
        new TaskRunner(
            rig.store,
            keeper,
            Map.of(),
            Map.of(),
            new TaskJudge(new Retries(config.retryPolicy()), new Health(events), events),
            events);
    Claimer claimer =
        new Claimer(rig.store, runner, config, "w", Set.of(TestJobs.KIND), rig.clock, () -> 0);
    SlotPool slots = new SlotPool(2, () -> {});
    slots.shutDown();
    claimer.fill(slots);

    QueueStats stats = rig.store.stats();
    assertThat(stats.leasedTasks()).isZero();
    assertThat(stats.dueTasks()).isEqualTo(2);
    assertThat(slots.free()).isEqualTo(2);
    assertThat(rig.store.claim(TestJobs.claim("other", 9))).hasSize(2);
  }
}
