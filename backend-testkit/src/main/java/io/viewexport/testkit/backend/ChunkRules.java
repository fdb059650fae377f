// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.testkit.FaultyCursor;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What chunks do. */
interface ChunkRules {

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "0, 3", "1, 3", "2, 5", "500, 4", "1024, 1", "4096, 2", "10000, 1"})
  default void b05_everyRowIsReadAndCounted(int rows, int chunks, BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, rows)).cut(chunks);
    int[] ended = new int[1];
    world.reading(cursor -> new FaultyCursor(cursor).atEnd(() -> ended[0]++));
    ManualJob job = world.job(export).stage(world.backend);
    long counted =
        job.receipts(0).stream().mapToLong(accepted -> accepted.receipt().rowCount()).sum();
    assertThat(counted).as("rows that the receipts count").isEqualTo(rows);
    assertThat(ended[0]).as("cursors read to their end").isEqualTo(job.receipts(0).size());
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), export.rows(), "after finalize");
  }

  @Test
  default void b04_aLateAttemptLeavesTheWinnersRowsAlone(BackendWorld world) {
    SampleRows rows = Samples.keys(0, 5);
    SampleExport export = world.export(rows);
    ManualJob job = world.job(export).stage(world.backend);
    world.reading(cursor -> Samples.keys(2, 9, "late", Samples.NEW).open());
    job.lateChunk(world.backend, 0, 0);
    job.lateChunk(world.another(), 0, 0);
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), rows, "after two late attempts with other rows");
  }
}
