// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever happens in whatever order: each job ends, once, and says truly what became of it. */
class JobLifeProperties {

  @Property(tries = 1500)
  void everyJobEndsInOneStateThatIsTrue(
      @ForAll @Size(max = 150) List<@IntRange(max = 9999) Integer> tape,
      @ForAll @IntRange(min = 1, max = 3) int views,
      @ForAll @IntRange(min = 1, max = 3) int chunks,
      @ForAll boolean planned) {
    JobWorld world = new JobWorld(tape, planned, views, chunks);
    while (world.goesOn()) {
      world.step();
      world.check();
    }
    int rounds = world.calmDown();
    world.check();
    world.checkEnd();
    assertThat(rounds).isLessThanOrEqualTo(12);
  }
}
