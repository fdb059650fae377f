// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.GroupMembers;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.state.PlannedExport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExportPlannerTest {
  private static final ViewName PATIENT = new ViewName("sof", "patient");
  private static final ViewName KEYLESS = new ViewName("sof", "keyless");
  private final PlannerFakes.Backend backend = new PlannerFakes.Backend();
  private final List<String> asked = new ArrayList<>();
  private final GroupMembers groups =
      (group, principal) -> {
        asked.add(group + " for " + principal.orElse("nobody"));
        return Optional.ofNullable(
            Map.of("g1", Set.of("p1", "p2"), "g2", Set.of("p3"), "none", Set.<String>of())
                .get(group));
      };

  private ExportPlanner planner() {
    return planner(new PlanLimits(OptionalInt.of(4), Set.of("elsewhere"), false, 4, true));
  }

  private ExportPlanner planner(PlanLimits limits) {
    return new ExportPlanner(
        new PlannerFakes.Source(), Map.of("fake", backend), limits, Optional.of(groups));
  }

  private static ExportRequest.Builder request(ViewOptions options, ViewName... views) {
    ExportRequest.Builder request = ExportRequest.builder("fake").options(options);
    List.of(views).forEach(request::view);
    return request;
  }

  private List<String> issues(ExportRequest.Builder request) {
    return catchThrowableOfType(ExportRefusedException.class, () -> planner().plan(request.build()))
        .issues()
        .stream()
        .map(issue -> issue.code() + " " + issue.expression().orElse("-"))
        .toList();
  }

  private List<String> issues(ViewOptions.Builder options) {
    return issues(request(options.build(), PATIENT));
  }

  @Test
  void oneChunkIsTheWholeViewSeveralAreCutByTheKey() {
    PlannedExport one = planner().plan(request(ViewOptions.UNSET, PATIENT).build()).orElseThrow();
    PlannedExport four =
        planner()
            .plan(request(ViewOptions.builder().chunkCount(4).build(), PATIENT).build())
            .orElseThrow();

    assertThat(one.views().get(0).slices()).containsExactly(new ViewSlice.Whole());
    assertThat(four.views().get(0).slices())
        .hasSize(4)
        .contains(new ViewSlice.KeyHash(0, 4), new ViewSlice.KeyHash(3, 4));
    assertThat(one.views().get(0).exclusionKey()).isEqualTo("t/patient");
  }

  @Test
  void aViewsOwnOptionsAndParametersOverrideTheJobs() {
    ViewRequest own =
        new ViewRequest(
            "p", PATIENT, ViewOptions.builder().chunkCount(2).build(), Map.of("a", "view"));
    PlannedExport plan =
        planner()
            .plan(
                ExportRequest.builder("fake")
                    .options(ViewOptions.builder().chunkCount(3).mergeKey(List.of("ts")).build())
                    .parameter("a", "job")
                    .parameter("b", "job")
                    .view(own)
                    .build())
            .orElseThrow();

    assertThat(plan.views().get(0).slices()).hasSize(2);
    assertThat(plan.views().get(0).view().settings().mergeKey()).containsExactly("ts");
    assertThat(plan.views().get(0).view().parameters()).isEqualTo(Map.of("a", "view", "b", "job"));
  }

  private static ViewOptions typed(Map<String, ColumnType> columns) {
    return new ViewOptions(
        OptionalInt.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        columns);
  }

  @Test
  void aColumnIsDeliveredAsAWiderTypeAndNoOther() {
    ViewOptions wider = typed(Map.of("n", ColumnType.BIGINT));
    PlannedExport plan = planner().plan(request(wider, PATIENT).build()).orElseThrow();
    assertThat(plan.views().get(0).view().description().schema().find("n"))
        .contains(new ViewColumn("n", ColumnType.BIGINT, "integer"));

    assertThat(issues(request(typed(Map.of("id", ColumnType.INT)), PATIENT)))
        .containsExactly("type-mismatch columnTypes");
    ViewOptions own = typed(Map.of("n", ColumnType.STRING, "ts", ColumnType.DATE));
    ExportRequest.Builder ofView =
        ExportRequest.builder("fake").view(new ViewRequest("p", PATIENT, own, Map.of()));
    assertThat(issues(ofView))
        .containsExactly("type-mismatch view[0].columnTypes", "type-mismatch view[0].columnTypes");
  }

  @Test
  void everyProblemOfEveryViewIsReportedAtOnce() {
    backend.issues.add(ExportIssue.of("unknown-parameter", "No such parameter.", "colour"));
    backend.issues.add(ExportIssue.of("no-key-column", "No key.", "mergeKey"));
    ViewOptions options =
        ViewOptions.builder()
            .mergeKey(List.of("nope"))
            .timestampColumn("text")
            .chunkCount(5)
            .filters(new ViewFilters(Optional.empty(), List.of("p1"), List.of("g1")))
            .build();

    assertThat(issues(request(options, PATIENT).snapshotMode(SnapshotMode.SHARED)))
        .containsExactlyInAnyOrder(
            "not-supported snapshotMode",
            "no-patient-column group",
            "no-key-column mergeKey",
            "no-timestamp-column timestampColumn",
            "parallelism-exceeds-pool chunkCount",
            "unknown-parameter colour");
    assertThat(
            issues(
                request(
                    ViewOptions.UNSET,
                    new ViewName("x", "a"),
                    PATIENT,
                    new ViewName("x", "patient"))))
        .containsExactly(
            "duplicate-output-name view[2].name",
            "view-not-found view[0]",
            "view-not-found view[2]");
  }

  @Test
  void aRequestWithoutViewsIsRefused() {
    assertThat(issues(ExportRequest.builder("fake"))).containsExactly("no-view view");
  }

  @Test
  void anUnknownKindIsRefusedNamingTheKnownOnes() {
    ExportRequest request = ExportRequest.builder("nope").view(PATIENT).build();

    assertThatThrownBy(() -> planner().plan(request))
        .isInstanceOf(ExportRefusedException.class)
        .hasMessageContaining("elsewhere, fake");
  }

  @Test
  void aKindElsewhereIsCheckedButNotPlannedHere() {
    assertThat(planner().plan(ExportRequest.builder("elsewhere").view(PATIENT).build())).isEmpty();
    assertThat(issues(ExportRequest.builder("elsewhere"))).containsExactly("no-view view");
  }

  @Test
  void severalChunksNeedTheKeyOneDoesNot() {
    assertThat(planner().plan(request(ViewOptions.UNSET, KEYLESS).build())).isPresent();
    assertThat(issues(request(ViewOptions.builder().chunkCount(2).build(), KEYLESS)))
        .containsExactly("no-key-column mergeKey");
    assertThat(issues(ViewOptions.builder().mergeKey(List.of("id", "id"))))
        .containsExactly("duplicate-key-column mergeKey");
  }

  @Test
  void aProblemOfAViewsOwnOptionNamesTheView() {
    ViewRequest own =
        new ViewRequest(
            "k", KEYLESS, ViewOptions.builder().mergeKey(List.of("id")).build(), Map.of());

    assertThat(issues(ExportRequest.builder("fake").view(PATIENT).view(own)))
        .containsExactly("no-key-column view[1].mergeKey");
  }

  @Test
  void sinceUpsertAndHistoryNeedATimestampColumn() {
    ViewFilters since = ViewFilters.since(Instant.EPOCH);

    assertThat(issues(ViewOptions.builder().filters(since)))
        .containsExactly("no-timestamp-column since");
    for (MergeMode mode : List.of(MergeMode.UPSERT, MergeMode.HISTORY)) {
      assertThat(issues(ViewOptions.builder().mergeMode(mode)))
          .containsExactly("no-timestamp-column mergeMode");
    }
    assertThat(issues(ViewOptions.builder().timestampColumn("nope")))
        .containsExactly("no-timestamp-column timestampColumn");
    ViewOptions byDay = ViewOptions.builder().filters(since).timestampColumn("day").build();
    assertThat(planner().plan(request(byDay, PATIENT).build())).isPresent();
  }

  private static ViewOptions.Builder ofPatients(List<String> patients, List<String> groups) {
    return ViewOptions.builder()
        .patientColumn("text")
        .filters(new ViewFilters(Optional.empty(), patients, groups));
  }

  private List<String> planned(List<String> patients, List<String> ofGroups) {
    ExportRequest request =
        request(ofPatients(patients, ofGroups).build(), PATIENT).principal("ann").build();
    PlannedExport plan = planner().plan(request).orElseThrow();
    ViewFilters filters = plan.views().get(0).view().settings().filters();
    assertThat(filters.groups()).isEqualTo(ofGroups);
    return filters.patients();
  }

  @Test
  void groupsAreReplacedByTheirMembersOnce() {
    assertThat(planned(List.of("p9", "p9"), List.of())).containsExactly("p9");
    assertThat(asked).isEmpty();
    assertThat(planned(List.of(), List.of("g1", "g2"))).containsExactlyInAnyOrder("p1", "p2", "p3");
    assertThat(asked).containsExactly("g1 for ann", "g2 for ann");
    assertThat(planned(List.of("p2", "p9"), List.of("g1"))).containsExactly("p2");
    assertThat(planned(List.of(), List.of("none"))).isEmpty();
  }

  @Test
  void aFilterThatCannotBeAppliedIsRefused() {
    ViewOptions.Builder noColumn =
        ViewOptions.builder().filters(new ViewFilters(Optional.empty(), List.of("p1"), List.of()));
    assertThat(issues(noColumn)).containsExactly("no-patient-column patient");
    assertThat(issues(ofPatients(List.of("p1"), List.of()).patientColumn("nope")))
        .containsExactly("no-patient-column patientColumn");
    assertThat(issues(ofPatients(List.of("p1"), List.of()).patientColumn("day")))
        .containsExactly("no-patient-column patientColumn");
    assertThat(issues(ofPatients(List.of(), List.of("g1", "lost"))))
        .containsExactly("group-not-found group");
    for (String broken : List.of("", "a\0b", "\uD800")) {
      assertThat(issues(ofPatients(List.of(broken), List.of(broken))))
          .contains("invalid-text patient", "invalid-text group");
    }
    ExportPlanner withoutGroups =
        new ExportPlanner(
            new PlannerFakes.Source(),
            Map.of("fake", backend),
            new PlanLimits(OptionalInt.empty(), Set.of(), false, 4, true),
            Optional.empty());
    ExportRequest grouped = request(ofPatients(List.of(), List.of("g1")).build(), PATIENT).build();
    assertThatThrownBy(() -> withoutGroups.plan(grouped)).hasMessageContaining("no groups");
  }

  @Test
  void aHostMayRefuseWhatCannotBeGoneOnFrom() {
    ExportPlanner strict = planner(new PlanLimits(OptionalInt.empty(), Set.of(), true, 4, true));
    ViewOptions timed = ViewOptions.builder().timestampColumn("ts").build();

    assertThat(strict.plan(request(ViewOptions.UNSET, PATIENT).build())).isPresent();
    assertThatThrownBy(() -> strict.plan(request(timed, PATIENT).build()))
        .isInstanceOfSatisfying(
            ExportRefusedException.class,
            refused ->
                assertThat(refused.issues())
                    .extracting(ExportIssue::code)
                    .containsExactly("next-since-unknown"));
    assertThat(planner().plan(request(timed, PATIENT).build())).isPresent();
  }

  @Test
  void whatTheBackendDoesNotListIsRefused() {
    backend.capabilities = EnumSet.noneOf(Capability.class);

    assertThat(issues(request(ViewOptions.UNSET, PATIENT, new ViewName("sof", "b"))))
        .containsExactly("not-supported view");
    assertThat(issues(ViewOptions.builder().mergeMode(MergeMode.REPLACE)))
        .containsExactly("not-supported mergeMode");
    for (MergeMode mode : List.of(MergeMode.UPSERT, MergeMode.HISTORY)) {
      assertThat(issues(ViewOptions.builder().mergeMode(mode).timestampColumn("ts")))
          .containsExactly("not-supported mergeMode");
    }
  }

  @Test
  void surplusChunksMayWaitWhereTheHostLetsThem() {
    ExportRequest many = request(ViewOptions.builder().chunkCount(50).build(), PATIENT).build();

    assertThat(planner(new PlanLimits(OptionalInt.empty(), Set.of(), false, 4, true)).plan(many))
        .isPresent();
    assertThatThrownBy(() -> planner().plan(many)).hasMessageContaining("allows 4");
  }

  @Test
  void moreChunksThanAJobCanHoldAreRefusedAlsoWhereTheyMayWait() {
    ExportPlanner waits = planner(new PlanLimits(OptionalInt.empty(), Set.of(), false, 4, true));
    ExportRequest most = request(ViewOptions.builder().chunkCount(10_000).build(), PATIENT).build();
    ExportRequest more =
        request(ViewOptions.builder().chunkCount(Integer.MAX_VALUE).build(), PATIENT).build();

    assertThat(waits.plan(most)).isPresent();
    assertThatThrownBy(() -> waits.plan(more)).hasMessageContaining("at most 10000");
  }

  @Test
  void textsThatNoStoreKeepsAreRefused() {
    ExportRequest.Builder request =
        request(ViewOptions.UNSET, PATIENT)
            .idempotencyKey("k".repeat(256))
            .principal("p\0")
            .clientTrackingId("c\0");

    assertThat(issues(request))
        .containsExactly(
            "invalid-text principal",
            "invalid-text idempotencyKey",
            "invalid-text clientTrackingId");
  }
}
