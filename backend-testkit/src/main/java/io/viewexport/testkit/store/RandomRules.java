// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order. */
interface RandomRules {

  /** What each thread does follows from the seed; how the threads meet does not. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  @Tag("random")
  default void s40_whateverHappensTheFiguresAddUp(long seed, StoreWorld world) {
    RandomRun run = new RandomRun(world, seed);
    run.race();
    run.calmDown();
    run.check();
  }
}
