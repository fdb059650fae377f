// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.deltalake.testing.TestRows.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.testing.TestContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportPlanningTest {
  private static final ViewSchema SCHEMA =
      schema("id", ColumnType.STRING, "ts", ColumnType.TIMESTAMP, "n", ColumnType.INT);

  private final Path root;
  private final DeltaLakeBackend backend;

  ExportPlanningTest(@TempDir Path temporary) throws IOException {
    root = temporary.toRealPath();
    backend =
        DeltaLakeBackend.create(DeltaLakeConfig.builder().allowedRoots(List.of(root)).build());
  }

  private ExportPlan plan(ExportView... views) {
    return backend.planExport(
        new PlanContext() {
          @Override
          public ExportRequest request() {
            throw new UnsupportedOperationException("not needed here");
          }

          @Override
          public List<ExportView> views() {
            return List.of(views);
          }
        });
  }

  private List<ExportIssue> refused(ExportView... views) {
    return catchThrowableOfType(ExportRefusedException.class, () -> plan(views)).issues();
  }

  private ExportView view(Map<String, String> parameters) {
    return TestContext.view(0, SCHEMA, ViewOptions.UNSET, parameters);
  }

  private Map<String, String> table(String name) {
    return Map.of("tablePath", root + "/" + name);
  }

  @Test
  void oneChunkUnlessAskedAndTheSameKeyForEverySpelling() {
    ExportPlan plan = plan(view(Map.of("tablePath", root + "/x/../t/")));
    assertThat(plan.views()).containsExactly(new ExportPlan.ViewPlan(1, "delta:" + root + "/t"));
    ViewOptions four = ViewOptions.builder().chunkCount(4).build();
    ExportView same = TestContext.view(0, SCHEMA, four, Map.of("tablePath", "file:" + root + "/t"));
    assertThat(plan(same).views())
        .containsExactly(new ExportPlan.ViewPlan(4, "delta:" + root + "/t"));
  }

  @Test
  void aVeryLongPathHasAShortKey() {
    String deep = ("/" + "d".repeat(200)).repeat(6);
    String key = plan(view(table(deep))).views().get(0).exclusionKey();
    assertThat(key).startsWith("delta-sha256:").hasSizeLessThan(100);
    assertThat(plan(view(table(deep + "e"))).views().get(0).exclusionKey()).isNotEqualTo(key);
  }

  @Test
  void planningLeavesNoTrace() {
    plan(view(table("t")));
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    ViewSchema odd =
        schema(
            "Id", ColumnType.STRING,
            "iD", ColumnType.STRING,
            "a b", ColumnType.INT,
            "is_deleted", ColumnType.STRING);
    ViewOptions upsert = ViewOptions.builder().mergeMode(MergeMode.UPSERT).build();
    List<ExportIssue> issues =
        refused(
            TestContext.view(
                0,
                odd,
                upsert,
                Map.of("writeMode", "managed-sql", "targetFileSizeMb", "0", "colour", "x")));
    assertThat(issues)
        .extracting(ExportIssue::code)
        .containsExactlyInAnyOrder(
            "unsupported-column-name",
            "ambiguous-column-names",
            "is-deleted-column",
            "no-key-column",
            "no-timestamp-column",
            "unknown-parameter",
            "write-mode-not-available",
            "invalid-value");
    assertThat(issues)
        .extracting(issue -> issue.expression().orElse(""))
        .contains("view[0]", "mergeKey", "timestampColumn", "colour", "writeMode");
    assertThat(issues.get(0).message()).contains("\"a b\"");
    assertThat(issues.get(1).message()).contains("\"Id\", \"iD\"");
  }

  @Test
  void fileSizesAndWriteModesAreCheckedByValue() {
    for (String size : List.of("0", "1025", "-1", "x", "", "1.5")) {
      assertThat(refused(view(with("targetFileSizeMb", size))))
          .extracting(ExportIssue::code)
          .containsExactly("invalid-value");
    }
    plan(view(with("targetFileSizeMb", "1024")));
    plan(view(with("writeMode", "external-direct")));
    assertThat(refused(view(with("writeMode", "other")))).hasSize(1);
  }

  private Map<String, String> with(String name, String value) {
    return Map.of("tablePath", root + "/t", name, value);
  }

  @Test
  void pathsOutsideTheRootsAreNotAllowed() {
    assertThat(refused(view(Map.of("tablePath", "/elsewhere/t"))))
        .containsExactly(
            ExportIssue.of(
                "path-not-allowed",
                "The path /elsewhere/t is not below a folder that this server allows exports to;"
                    + " choose one that is.",
                "tablePath"));
    assertThat(refused(view(with("stagingTablePath", "/elsewhere"))))
        .extracting(ExportIssue::code)
        .containsExactly("path-not-allowed");
  }

  @Test
  void stagingAndTablesDoNotLieInEachOther() {
    for (String staging : List.of("/t", "/t/s", "/t/../t")) {
      assertThat(refused(view(with("stagingTablePath", root + staging))))
          .extracting(ExportIssue::code)
          .containsExactly("overlapping-paths");
    }
    plan(view(with("stagingTablePath", root + "/t2")));
    ExportView first = view(table("t"));
    for (String other : List.of("t", "t/inner", "t.viewexport-staging/x")) {
      ExportView second = TestContext.view(1, SCHEMA, ViewOptions.UNSET, table(other));
      assertThat(refused(first, second))
          .extracting(ExportIssue::code)
          .as(other)
          .containsExactly("overlapping-paths");
    }
    plan(first, TestContext.view(1, SCHEMA, ViewOptions.UNSET, table("u")));
    ExportView same = TestContext.view(1, SCHEMA, ViewOptions.UNSET, table("t"));
    assertThat(refused(first, same).get(0).message())
        .contains("nor one inside the other: " + root + "/t; give");
  }

  @Test
  void theTimestampColumnMustTellTime() {
    ViewOptions.Builder history = ViewOptions.builder().mergeMode(MergeMode.HISTORY);
    plan(TestContext.view(0, SCHEMA, history.timestampColumn("ts").build(), table("t")));
    for (String column : List.of("n", "none", "TS")) {
      ViewOptions options = history.timestampColumn(column).build();
      assertThat(refused(TestContext.view(0, SCHEMA, options, table("t"))))
          .extracting(ExportIssue::code)
          .containsExactly("no-timestamp-column");
    }
  }

  @Test
  void aViewMayBringItsOwnIntegerIsDeleted() {
    ViewSchema own = schema("id", ColumnType.STRING, "is_deleted", ColumnType.INT);
    plan(TestContext.view(0, own, ViewOptions.UNSET, table("t")));
    for (ViewSchema other :
        List.of(
            schema("id", ColumnType.STRING, "IS_DELETED", ColumnType.INT),
            schema("id", ColumnType.STRING, "is_deleted", ColumnType.BIGINT))) {
      assertThat(refused(TestContext.view(0, other, ViewOptions.UNSET, table("t"))))
          .extracting(ExportIssue::code)
          .containsExactly("is-deleted-column");
    }
  }
}
