// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentMergesTest {
  private static final int WRITERS = 4;
  private static final int JOBS = 4;
  private static final LakeSchema VIEW =
      MergeLab.view(column("id", ColumnType.STRING), column("ts", ColumnType.BIGINT));

  @TempDir Path folder;

  @Test
  void writersOfOverlappingKeysDoubleAndLoseNoRow() throws Exception {
    MergeLab lab = new MergeLab(folder);
    List<StagedTable> staged = new ArrayList<>();
    TreeSet<String> expected = new TreeSet<>();
    for (int table = 0; table < WRITERS * JOBS; table++) {
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        String id = "k" + (table * 3 + i);
        rows.add(new Object[] {id, 1L});
        expected.add(id + "|1|0");
      }
      staged.add(lab.stage(VIEW, rows));
    }
    MergeSettings patient = new MergeSettings(1 << 20, 1 << 20, 1000);
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int table = 0; table < staged.size(); table++) {
        MergeCall call = MergeCall.of("job" + table);
        MergeMode mode = table % 2 == 0 ? MergeMode.INSERT : MergeMode.REPLACE;
        StagedTable one = staged.get(table);
        running.add(
            threads.submit(() -> lab.merge(call, lab.spec(VIEW, mode, "id"), patient, one)));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(lab.rows()).containsExactlyElementsOf(expected);
  }
}
