// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.core.retry.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ExportConfigTest {

  @Test
  void thePoolFollowsTheSlotsUnlessItIsStated() {
    assertThat(ExportConfig.standard().chunkBudget()).isEqualTo(4);
    assertThat(ExportConfig.builder().workerSlots(9).build().chunkBudget()).isEqualTo(9);
    assertThat(ExportConfig.builder().poolSize(20).build().chunkBudget()).isEqualTo(16);
  }

  @Test
  void noMoreTasksRunThanThePoolHasConnectionsFor() {
    assertThat(ExportConfig.builder().workerSlots(9).poolSize(6).build().tasksAtOnce())
        .isEqualTo(2);
    assertThat(ExportConfig.builder().workerSlots(3).poolSize(20).build().tasksAtOnce())
        .isEqualTo(3);
  }

  @Test
  void nonsenseIsRefusedWithTheValue() {
    List<ThrowingCallable> nonsense =
        List.of(
            () -> ExportConfig.builder().workerSlots(0).poolSize(9).build(),
            () -> ExportConfig.builder().poolSize(4).build(),
            () -> ExportConfig.builder().leaseDuration(Duration.ofMillis(900)).build(),
            () -> ExportConfig.builder().pollInterval(Duration.ZERO).build(),
            () -> ExportConfig.builder().retention(Duration.ofHours(23)).build(),
            () -> ExportConfig.builder().shutdownGrace(Duration.ofMillis(-1)).build(),
            () -> RetryPolicy.builder().maxFailures(0).build(),
            () -> RetryPolicy.builder().maxDelay(Duration.ofMillis(10)).build());
    assertThat(nonsense)
        .allSatisfy(
            build ->
                assertThatThrownBy(build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(".*(must be).*: .+"));
  }
}
