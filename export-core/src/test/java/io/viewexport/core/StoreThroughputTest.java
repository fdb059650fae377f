// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.core.LoadFleet.Round;
import io.viewexport.core.LoadProcess.Way;
import io.viewexport.core.store.StoreDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How many chunks several processes claim and settle each second, and that each is done once. The
 * figures of four processes of ten threads are printed by {@code mvn -pl export-core -am test
 * -Dtest=StoreThroughputTest -Dtest.excludedGroups=live -Dsurefire.failIfNoSpecifiedTests=false};
 * the first rounds are those of cold processes.
 */
class StoreThroughputTest {
  private static final int CHUNKS = 10_000;
  private static final int ROUNDS = 10;

  @Test
  void eachChunkIsDoneOnceByWhicheverProcess() throws Exception {
    try (LoadFleet fleet = new LoadFleet(StoreDatabase.fresh(), 2, 5)) {
      for (Way way : Way.values()) {
        check(fleet.round(way, 1, 400), 400);
        check(fleet.round(way, 20, 20), 400);
      }
    }
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void chunksPerSecond(Way way) throws Exception {
    try (LoadFleet fleet = new LoadFleet(StoreDatabase.fresh(), 4, 10)) {
      for (int round = 1; round <= ROUNDS; round++) {
        for (int jobs : new int[] {100, 1}) {
          Round found = fleet.round(way, jobs, CHUNKS / jobs);
          check(found, CHUNKS);
          System.out.printf(
              "%s, %d jobs, round %d: %.0f chunks/s%n", way, jobs, round, found.perSecond());
        }
      }
    }
  }

  private static void check(Round round, int chunks) {
    assertThat(round.done()).isEqualTo(chunks);
    assertThat(round.once()).isEqualTo(chunks);
    assertThat(round.deadlocks()).isZero();
  }
}
