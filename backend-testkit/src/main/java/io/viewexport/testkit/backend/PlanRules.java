// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.testkit.ManualJob;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What planning does. */
interface PlanRules {

  @Test
  default void b01_planningLeavesNoTrace(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 3));
    ManualJob job = world.job(export);
    ExportPlan first = job.plan(world.backend);
    assertThat(job.plan(world.another())).as("the plan made again").isEqualTo(first);
    assertThat(world.fixture.read(export.target(), Samples.SCHEMA))
        .as("the target after planning")
        .isEmpty();
    world.assertClean("after planning");
  }

  @Test
  default void b01_everyProblemIsReportedAtOnce(BackendWorld world) {
    SampleExport unknown = world.export(Samples.keys(0, 1)).parameter("noSuchParameterA", "1");
    SampleExport keyless =
        world.export(Samples.keys(0, 1)).key("no_such_column").parameter("noSuchParameterB", "1");
    List<ExportIssue> issues = refused(world, unknown);
    assertThat(issues).as("issues of one view").hasSize(1);
    String texts = String.join(" ", texts(refused(world, unknown, keyless)));
    assertThat(texts).as("issues of two views").contains("noSuchParameterA", "noSuchParameterB");
    if (world.merges()) {
      assertThat(texts)
          .as("issues of two views, the mergeKey of one of which names a column that it lacks")
          .contains("no_such_column");
    }
    world.assertClean("after a refusal");
  }

  @Test
  default void b02_anUnknownParameterIsRefused(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 1)).parameter("noSuchParameter", "x");
    assertThat(texts(refused(world, export)))
        .as("issues")
        .anyMatch(text -> text.contains("noSuchParameter"));
  }

  /** A view's parameters are the job's, unless it has its own. */
  @Test
  default void b02_parametersOfTheJobHoldForItsViews(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 3));
    ViewRequest view = world.request(export).views().get(0);
    ExportRequest.Builder request =
        ExportRequest.builder(world.backend.kind())
            .view(new ViewRequest(view.name(), view.view(), view.options(), Map.of()));
    view.parameters().forEach(request::parameter);
    new ManualJob(request.build(), world.source()).run(world.backend);
    world.assertTarget(export.target(), export.rows(), "named by parameters of the job");
  }

  /** Given for all views at once, not for one of them. */
  @Test
  default void b02_anUnknownParameterOfTheJobIsRefused(BackendWorld world) {
    ExportRequest request = world.request(world.export(Samples.keys(0, 1)));
    ExportRequest.Builder more = ExportRequest.builder(request.kind());
    request.views().forEach(more::view);
    ManualJob job = new ManualJob(more.parameter("noSuchParameter", "x").build(), world.source());
    Throwable thrown = catchThrowable(() -> job.plan(world.backend));
    assertThat(thrown).as("what planning throws").isInstanceOf(ExportRefusedException.class);
    assertThat(texts(((ExportRefusedException) thrown).issues()))
        .as("issues")
        .anyMatch(text -> text.contains("noSuchParameter"));
  }

  private static List<ExportIssue> refused(BackendWorld world, SampleExport... exports) {
    Throwable thrown = catchThrowable(() -> world.job(exports).plan(world.backend));
    assertThat(thrown).as("what planning throws").isInstanceOf(ExportRefusedException.class);
    return ((ExportRefusedException) thrown).issues();
  }

  private static List<String> texts(List<ExportIssue> issues) {
    return issues.stream()
        .map(issue -> issue.message() + " " + issue.expression().orElse(""))
        .toList();
  }
}
