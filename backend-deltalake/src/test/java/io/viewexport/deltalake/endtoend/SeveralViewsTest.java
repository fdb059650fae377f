// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.deltalake.DeltaLakeBackend;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.RowComparison;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of several views, each with a table and a way to merge of its own. */
class SeveralViewsTest {
  @TempDir Path folder = Path.of("");
  private String schema = "";

  @BeforeEach
  void makeViews() {
    schema = SourceDatabase.newSchema();
    String rows = " from generate_series(1, 1000) g";
    SourceDatabase.execute(
        "create view " + schema + ".one as select g as id, 'one ' || g as text" + rows,
        "create view " + schema + ".\"The Second\" as select g % 10 as id, g as n" + rows,
        "create view " + schema + ".none as select g as id, g as n" + rows + " where false",
        "create view " + schema + ".bad as select g as id, 1 / (g - 500) as n" + rows);
  }

  private ViewRequest view(ExportLab lab, String name, String table, ViewOptions options) {
    return new ViewRequest(
        name, lab.view(name), options, Map.of("tablePath", lab.table(table).toString()));
  }

  private ExportRequest.Builder request(ExportLab lab) {
    ViewOptions replace = ViewOptions.builder().mergeMode(MergeMode.REPLACE).chunkCount(2).build();
    return ExportRequest.builder(DeltaLakeBackend.KIND)
        .options(ViewOptions.builder().chunkCount(3).build())
        .view(view(lab, "one", "one", ViewOptions.UNSET))
        .view(view(lab, "The Second", "nested/second", replace));
  }

  @Test
  void eachViewGetsItsTable() {
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      ExportJob job =
          ExportLab.completed(
              lab.run(request(lab).view(view(lab, "none", "none", ViewOptions.UNSET)).build()));
      assertThat(job.outputs())
          .extracting(ExportOutput::rowCount)
          .containsExactly(1000L, 1000L, 0L);
      assertThat(RowComparison.assertSame(schema + ".one", lab.table("one"))).isEqualTo(1000);
      assertThat(RowComparison.assertSame(schema + ".\"The Second\"", lab.table("nested/second")))
          .isEqualTo(1000);
      assertThat(SparkOracle.shared().count(lab.table("none"))).isZero();
      assertThat(SparkOracle.shared().schema(lab.table("none")))
          .containsExactly("id INT", "n INT", "is_deleted INT");
      assertThat(folder)
          .isDirectoryNotContaining(
              path -> !List.of("one", "nested", "none").contains(path.getFileName().toString()));
      assertThat(folder.resolve("nested"))
          .isDirectoryNotContaining(path -> !path.endsWith("second"));
    }
  }

  @Test
  void whereOneViewFailsNoneIsMerged() {
    try (ExportLab lab = ExportLab.open(folder, schema)) {
      ExportJob job =
          lab.run(request(lab).view(view(lab, "bad", "bad", ViewOptions.UNSET)).build());
      assertThat(job.state()).isEqualTo(JobState.FAILED);
      assertThat(job.failure().orElseThrow().task()).contains("bad");
      assertThat(job.outputs())
          .extracting(ExportOutput::outcome)
          .containsOnly(MergeOutcome.NOT_MERGED);
      assertThat(lab.table("one")).doesNotExist();
      assertThat(lab.table("bad")).doesNotExist();
      assertThat(lab.table("nested/second")).doesNotExist();
    }
  }
}
