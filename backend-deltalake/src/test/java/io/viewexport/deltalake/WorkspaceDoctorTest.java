// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.deltalake.DoctorFinding.Status.FAILED;
import static io.viewexport.deltalake.DoctorFinding.Status.OK;
import static io.viewexport.deltalake.DoctorFinding.Status.SKIPPED;
import static io.viewexport.deltalake.DoctorFinding.Status.WARNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.DoctorFinding.Status;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.S3Key;
import io.viewexport.deltalake.testing.workspace.ApiError;
import io.viewexport.deltalake.testing.workspace.Fault;
import io.viewexport.deltalake.testing.workspace.Privilege;
import io.viewexport.deltalake.testing.workspace.WorkspaceSimulator;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.SdkHttpMethod;

class WorkspaceDoctorTest {
  private static final ManagedLab LAB = new ManagedLab();

  /** As many requests as there are. */
  private static final WorkspaceLimits LIMITS = limits(Duration.ofMinutes(15));

  @BeforeAll
  static void makeTarget() {
    LAB.workspace.createTarget("patient", "id STRING, is_deleted INT");
    LAB.workspace.createTarget("plain", "id STRING");
  }

  @AfterAll
  static void close() {
    LAB.close();
  }

  /** A failed test must not fail the next. */
  @AfterEach
  void makeAllWellAgain() {
    LAB.stagingTables().forEach(LAB.workspace::unregister);
    for (Privilege privilege : Privilege.values()) {
      LAB.workspace.grants().grant(ManagedLab.CLIENT, privilege);
    }
    LAB.workspace.faults().clear();
    LAB.workspace.credentials().openToOutside();
    LAB.workspace.warehouse().coldFor(Duration.ZERO);
  }

  private static WorkspaceLimits limits(Duration warehouseStart) {
    WorkspaceLimits usual = WorkspaceLimits.DEFAULT;
    return new WorkspaceLimits(
        usual.connectTimeout(),
        usual.requestTimeout(),
        usual.callDeadline(),
        warehouseStart,
        10_000);
  }

  private static WorkspaceConfig.Builder config() {
    return LAB.config().limits(LIMITS);
  }

  private static WorkspaceDoctor doctor(WorkspaceConfig config) {
    return doctor(config, ManagedLab.SECRET, LAB.pause());
  }

  private static WorkspaceDoctor doctor(WorkspaceConfig config, String secret, Pause pause) {
    return WorkspaceDoctor.create(
        config,
        () -> ClientCredentials.of(ManagedLab.CLIENT, secret),
        pause,
        S3Access.create(config.staging()));
  }

  private static DoctorReport examine(WorkspaceConfig config) {
    try (WorkspaceDoctor doctor = doctor(config)) {
      return examined(doctor);
    }
  }

  private static DoctorReport examine() {
    return examine(config().build());
  }

  /** Whatever is found: nothing is left behind, and no secret is told. */
  private static DoctorReport examined(WorkspaceDoctor doctor) {
    DoctorReport report = doctor.examine(LAB.workspace.tableName("patient"));
    LAB.assertNothingStaged();
    assertThat(report.findings()).hasSameSizeAs(DoctorCheck.values());
    assertThat(report + report.text()).doesNotContain(ManagedLab.SECRET, "wrong", "token-");
    for (S3Key key : LAB.workspace.credentials().vended()) {
      assertThat(report + report.text())
          .doesNotContain(key.accessKeyId(), key.secretAccessKey(), key.sessionToken());
    }
    return report;
  }

  private static DoctorReport examineOverS3(FaultyS3.Plan plan) {
    S3Config staging = LAB.staging().tries(1).commitTimeout(Duration.ofMillis(1)).build();
    WorkspaceConfig config =
        WorkspaceConfig.builder(LAB.workspace.url().toString(), staging)
            .warehouseId(WorkspaceSimulator.WAREHOUSE_ID)
            .limits(LIMITS)
            .build();
    S3Access access = S3Access.create(staging, new FaultyS3(S3Access.connections(staging), plan));
    try (WorkspaceDoctor doctor =
        WorkspaceDoctor.create(
            config,
            () -> ClientCredentials.of(ManagedLab.CLIENT, ManagedLab.SECRET),
            LAB.pause(),
            access)) {
      return examined(doctor);
    }
  }

  private static DoctorFinding finding(DoctorReport report, String check) {
    return report.findings().stream().filter(one -> one.check().equals(check)).findFirst().get();
  }

  private static List<String> checks(DoctorReport report, Status status) {
    return report.findings().stream()
        .filter(finding -> finding.status() == status)
        .map(DoctorFinding::check)
        .toList();
  }

  @Test
  void allIsWellAndTheTargetIsAsItWas() {
    String target = LAB.workspace.tableName("patient");
    LAB.workspace.execute("INSERT INTO " + target + " VALUES ('a', 0)");
    int versions = LAB.workspace.rows("DESCRIBE HISTORY " + target).size();

    DoctorReport report = examine();

    assertThat(checks(report, OK)).as(report.text()).hasSize(DoctorCheck.values().length);
    assertThat(report.isHealthy()).isTrue();
    assertThat(LAB.workspace.rows("DESCRIBE HISTORY " + target)).hasSize(versions);
    assertThat(LAB.table("patient", "*")).containsExactly(List.of("a", "0"));
    assertThat(report.text()).contains("19 checks: 19 well").doesNotContain("GRANT");
  }

  @ParameterizedTest
  @CsvSource({
    "SELECT, target, FAILED, GRANT SELECT ON TABLE `spark_catalog`.`<schema>`.`patient`",
    "MODIFY, target-modify, FAILED, GRANT MODIFY ON TABLE `spark_catalog`.`<schema>`.`patient`",
    "USE_SCHEMA, staging-schema, FAILED, GRANT USE SCHEMA ON SCHEMA"
        + " `spark_catalog`.`<schema>_staging`",
    "CREATE_TABLE, staging-table, FAILED, GRANT CREATE TABLE ON SCHEMA"
        + " `spark_catalog`.`<schema>_staging`",
    "CREATE_EXTERNAL_TABLE, staging-table, FAILED, GRANT CREATE EXTERNAL TABLE ON EXTERNAL LOCATION"
        + " `exports-here`",
    "EXTERNAL_USE_SCHEMA, staging-credentials, FAILED, GRANT EXTERNAL USE SCHEMA ON SCHEMA"
        + " `spark_catalog`.`<schema>_staging`",
    "EXTERNAL_USE_LOCATION, path-credentials, WARNED, GRANT EXTERNAL USE LOCATION ON EXTERNAL"
        + " LOCATION `exports-here`"
  })
  void aMissingGrantIsTheOneFindingAndHasItsSql(
      Privilege privilege, String check, Status status, String grant) {
    LAB.workspace.grants().revoke(ManagedLab.CLIENT, privilege);

    DoctorReport report = examine();

    DoctorFinding found = finding(report, check);
    assertThat(found.status()).as(report.text()).isEqualTo(status);
    assertThat(found.sql())
        .containsExactly(
            grant.replace("<schema>", LAB.workspace.schema()) + " TO `" + ManagedLab.CLIENT + "`");
    assertThat(report.text()).contains(found.sql().get(0) + ";");
    assertThat(report.findings())
        .filteredOn(one -> one.status() == FAILED || one.status() == WARNED)
        .containsExactly(found);
    assertThat(report.isHealthy()).isEqualTo(status == WARNED);
  }

  @Test
  void aWarehouseThatMayNotBeUsedIsSaidAndTheRestIsLookedAt() {
    LAB.workspace.grants().revoke(ManagedLab.CLIENT, Privilege.CAN_USE);

    DoctorReport report = examine();

    assertThat(checks(report, FAILED)).containsExactly("warehouse");
    assertThat(finding(report, "warehouse").advice())
        .contains(WorkspaceSimulator.WAREHOUSE_ID, "Can use", ManagedLab.CLIENT);
    assertThat(checks(report, SKIPPED))
        .containsExactly("warehouse-start", "target-select", "target-modify");
  }

  @Test
  void aWrongSecretStopsAllThatNeedsAToken() {
    DoctorReport report;
    try (WorkspaceDoctor doctor = doctor(config().build(), "wrong", LAB.pause())) {
      report = examined(doctor);
    }

    assertThat(checks(report, FAILED)).containsExactly("token");
    assertThat(finding(report, "token").code()).isEqualTo("authentication-refused");
    assertThat(checks(report, OK)).containsExactly("workspace", "clock", "staging-place");
  }

  @Test
  void aWorkspaceThatIsNotThereIsSaid() {
    WorkspaceConfig nowhere =
        WorkspaceConfig.builder("http://127.0.0.1:1", LAB.staging().build())
            .warehouseId("w")
            .build();

    DoctorReport report = examine(nowhere);

    assertThat(checks(report, FAILED)).containsExactly("workspace");
    assertThat(finding(report, "workspace").code()).isEqualTo("workspace-unavailable");
  }

  @Test
  void aColdWarehouseIsWaitedFor() {
    LAB.workspace.warehouse().coldFor(Duration.ofMillis(1200));

    DoctorReport report;
    try (WorkspaceDoctor doctor = doctor(config().build(), ManagedLab.SECRET, Pause.real())) {
      report = examined(doctor);
    }

    assertThat(report.isHealthy()).as(report.text()).isTrue();
    assertThat(finding(report, "warehouse").found()).contains("STARTING");
    assertThat(finding(report, "warehouse-start").found()).contains("started");
  }

  @Test
  void aWarehouseThatDoesNotStartInTimeIsSaid() {
    LAB.workspace.warehouse().coldFor(Duration.ofHours(1));

    DoctorReport report;
    WorkspaceConfig impatient = config().limits(limits(Duration.ofMillis(400))).build();
    try (WorkspaceDoctor doctor = doctor(impatient, ManagedLab.SECRET, Pause.real())) {
      report = examined(doctor);
    }

    assertThat(checks(report, FAILED)).containsExactly("warehouse-start");
    assertThat(finding(report, "warehouse-start").code()).isEqualTo("warehouse-not-started");
  }

  @Test
  void aMissingTargetAndAMissingSchemaComeWithWhatMakesThem() {
    try (WorkspaceDoctor doctor = doctor(config().build())) {
      DoctorReport report = doctor.examine("spark_catalog.default.nothing");

      assertThat(finding(report, "target").sql())
          .singleElement()
          .asString()
          .startsWith("CREATE TABLE `spark_catalog`.`default`.`nothing` (`id` STRING");
      assertThat(finding(report, "staging-schema").sql())
          .contains("CREATE SCHEMA IF NOT EXISTS `spark_catalog`.`default_staging`")
          .anyMatch(sql -> sql.contains("EXTERNAL USE SCHEMA"));
    }
  }

  @Test
  void aHostThatAddsNoColumnIsToldTheOneThatIsMissing() {
    WorkspaceConfig strict =
        config().missingIsDeleted(WorkspaceConfig.MissingIsDeleted.FAIL).build();
    try (WorkspaceDoctor demanding = doctor(strict);
        WorkspaceDoctor adding = doctor(config().build())) {
      String plain = LAB.workspace.tableName("plain");

      assertThat(finding(demanding.examine(plain), "target-columns").sql())
          .singleElement()
          .asString()
          .endsWith("`plain` ADD COLUMNS (is_deleted INT)");
      assertThat(finding(adding.examine(plain), "target-columns").status()).isEqualTo(OK);
    }
  }

  @Test
  void aMetastoreThatLetsNobodyInIsSaid() {
    LAB.workspace.credentials().closeToOutside();

    DoctorReport report = examine();

    assertThat(finding(report, "staging-credentials").code()).isEqualTo("external-access-disabled");
    assertThat(finding(report, "staging-credentials").found()).contains("metastore admin");
  }

  @Test
  void aPlaceThatIsNotAllowedIsSaid() {
    try (WorkspaceDoctor doctor = doctor(config().build())) {
      DoctorReport report =
          doctor.examine(
              LAB.workspace.tableName("patient"), Optional.of("s3://other/x"), Optional.empty());

      assertThat(finding(report, "staging-place").code()).isEqualTo("path-not-allowed");
      assertThatIllegalArgumentException().isThrownBy(() -> doctor.examine("patient"));
    }
  }

  @Test
  void aClockThatIsWrongIsAWarning() {
    Pause late =
        new Pause() {
          private final Pause real = LAB.pause();

          @Override
          public long nanoTime() {
            return real.nanoTime();
          }

          @Override
          public Instant now() {
            return real.now().plus(Duration.ofMinutes(7));
          }

          @Override
          public void pause(Duration time, StopSignal stop) {
            real.pause(time, stop);
          }
        };
    try (WorkspaceDoctor doctor = doctor(config().build(), ManagedLab.SECRET, late)) {
      DoctorReport report = examined(doctor);

      assertThat(checks(report, WARNED)).containsExactly("clock");
      assertThat(finding(report, "clock").found()).containsPattern("by 4[12][0-9] s");
    }
  }

  @Test
  void theProbeIsDroppedWhateverS3Does() {
    DoctorReport report =
        examineOverS3(
            (number, request) ->
                request.method() == SdkHttpMethod.PUT
                    ? Optional.of(FaultyS3.Fault.EXPIRED)
                    : Optional.empty());

    assertThat(checks(report, FAILED)).containsExactly("s3-write");
    assertThat(finding(report, "clean-up").status()).isEqualTo(OK);
  }

  @Test
  void aFileThatLandedUnseenIsDeletedToo() {
    int[] deletes = {0};
    DoctorReport report =
        examineOverS3(
            (number, request) ->
                request.method() == SdkHttpMethod.POST && deletes[0]++ == 0
                    ? Optional.of(FaultyS3.Fault.SLOW_DOWN)
                    : Optional.empty());

    assertThat(checks(report, FAILED)).containsExactly("s3-delete");
    assertThat(finding(report, "clean-up").status()).isEqualTo(OK);
  }

  @Test
  void whatCanNotBeTakenAwayIsNamed() {
    LAB.workspace
        .faults()
        .add(
            Fault.refusing(
                "DELETE", ".*/tables/.*", ApiError.denied(Privilege.MODIFY, "Table", "t")));
    try (WorkspaceDoctor doctor = doctor(config().build())) {
      DoctorReport report = doctor.examine(LAB.workspace.tableName("patient"));

      assertThat(checks(report, FAILED)).containsExactly("clean-up");
      assertThat(finding(report, "clean-up").sql())
          .singleElement()
          .asString()
          .startsWith("DROP TABLE IF EXISTS `spark_catalog`.")
          .contains("vx_doctor_");
      assertThat(LAB.stagedObjects()).isEmpty();
    }
  }

  @Test
  void aStoreThatWritesOverWhatIsThereIsNotGoodEnough() {
    DoctorReport report =
        examineOverS3(
            (number, request) -> {
              if (request.firstMatchingHeader("If-None-Match").isPresent()) {
                LAB.stagedObjects().forEach(object -> new File(object).delete());
              }
              return Optional.empty();
            });

    assertThat(checks(report, FAILED)).containsExactly("s3-conditional-write");
    assertThat(finding(report, "s3-conditional-write").code()).isEqualTo("store-not-supported");
  }

  @Test
  void whoeverIsInterruptedLeavesNothingBehind() {
    boolean reached = true;
    for (int request = 1; reached; request++) {
      reached = interruptedAt(request);
    }
  }

  /** Interrupts at a request to the bucket; says whether it came to that. */
  private static boolean interruptedAt(int wanted) {
    boolean[] reached = {false};
    Throwable thrown =
        catchThrowable(
            () ->
                examineOverS3(
                    (number, request) -> {
                      if (number == wanted) {
                        reached[0] = true;
                        Thread.currentThread().interrupt();
                      }
                      return Optional.empty();
                    }));
    boolean interrupted = Thread.interrupted();
    assertThat(interrupted).as("interrupt kept at request %d", wanted).isEqualTo(reached[0]);
    if (reached[0]) {
      assertThat(thrown).isInstanceOf(ExportStoppedException.class);
    } else {
      assertThat(thrown).isNull();
    }
    LAB.assertNothingStaged();
    return reached[0];
  }
}
