// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.testkit.ManualJob;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What finalize brings to the target. */
interface FinalizeRules {

  @Test
  default void b06_nothingIsVisibleBeforeFinalizeAndAllOfItAfter(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 50)).cut(3);
    ManualJob job = world.job(export);
    job.plan(world.backend);
    job.setup(world.backend, 0);
    world.assertEmpty(export.target(), "after setup");
    for (int chunk = 0; chunk < 3; chunk++) {
      job.chunk(world.backend, 0, chunk);
      world.assertEmpty(export.target(), "after chunk " + chunk);
    }
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), export.rows(), "after finalize");
  }

  @Test
  default void b07_finalizeDeletesNoStaging(BackendWorld world) {
    ManualJob job = world.job(world.export(Samples.keys(0, 5)).cut(2)).stage(world.backend);
    Set<String> staged = world.fixture.residue();
    assertThat(staged).as("staging after the chunks: what residue() has to show").isNotEmpty();
    job.merge(world.backend, 0);
    assertThat(world.fixture.residue()).as("staging after finalize").containsAll(staged);
  }
}
