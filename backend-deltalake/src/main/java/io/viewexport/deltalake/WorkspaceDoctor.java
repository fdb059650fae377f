// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.internal.catalog.UnityCatalog;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.workspace.HttpWorkspace;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.deltalake.internal.workspace.WorkspaceUrl;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Checks whether exports to a Databricks workspace can work, and says what is missing and how to
 * give it. Whoever creates it closes it. Safe for use by many threads.
 *
 * <p>It starts the warehouse, registers a staging table {@code vx_doctor_…} of its own, writes a
 * file for it, and takes both away again. The target is not changed.
 */
public final class WorkspaceDoctor implements AutoCloseable {
  private final WorkspaceConfig config;
  private final Supplier<ClientCredentials> credentials;
  private final Pause pause;
  private final S3Access access;

  private WorkspaceDoctor(
      WorkspaceConfig config,
      Supplier<ClientCredentials> credentials,
      Pause pause,
      S3Access access) {
    this.config = config;
    this.credentials = credentials;
    this.pause = pause;
    this.access = access;
  }

  /**
   * A doctor for a workspace, as {@link DeltaLakeBackendBuilder#workspace} takes it; nothing is
   * called yet.
   *
   * @param credentials asked at each new token; the client id is named in the grants advised, the
   *     secret nowhere
   */
  public static WorkspaceDoctor create(
      WorkspaceConfig config, Supplier<ClientCredentials> credentials) {
    return create(config, credentials, Pause.real(), S3Access.create(config.staging()));
  }

  /** As the other, waiting by this, over these connections, which it closes. */
  static WorkspaceDoctor create(
      WorkspaceConfig config,
      Supplier<ClientCredentials> credentials,
      Pause pause,
      S3Access access) {
    return new WorkspaceDoctor(config, credentials, pause, access);
  }

  /**
   * Makes all checks, as far as each can be made, in the warehouse and the place for staging that
   * are configured. Takes seconds, and minutes where the warehouse has to start.
   *
   * @param tableName the target, as {@code catalog.schema.table}
   * @throws IllegalArgumentException where that is no name of a table, or no warehouse is
   *     configured
   */
  public DoctorReport examine(String tableName) {
    return examine(tableName, Optional.empty(), Optional.empty());
  }

  /**
   * Makes all checks, as far as each can be made. Takes seconds, and minutes where the warehouse
   * has to start.
   *
   * @param tableName the target, as {@code catalog.schema.table}
   * @param stagingPath the place for staging; empty for the usual one
   * @param warehouseId the warehouse; empty for the configured one
   * @throws IllegalArgumentException where that is no name of a table, or no warehouse is named
   * @throws io.viewexport.api.ExportStoppedException where the thread is interrupted; the probe is
   *     taken away all the same
   */
  public DoctorReport examine(
      String tableName, Optional<String> stagingPath, Optional<String> warehouseId) {
    TableName target = TableName.parse(tableName);
    String warehouse =
        warehouseId
            .or(config::warehouseId)
            .orElseThrow(() -> new IllegalArgumentException("no warehouse is named"));
    WorkspaceUrl url = WorkspaceUrl.parse(config.url().toString());
    HttpWorkspace api = HttpWorkspace.create(url, config.limits(), credentials, pause);
    LakeWorkspace lake =
        new LakeWorkspace(config, api, new UnityCatalog(api, pause), access, Map.of());
    return examine(api, lake, target, stagingPath, warehouse);
  }

  private DoctorReport examine(
      HttpWorkspace api,
      LakeWorkspace lake,
      TableName target,
      Optional<String> stagingPath,
      String warehouse) {
    DoctorSubject subject =
        new DoctorSubject(
            target,
            probeFor(target),
            warehouse,
            credentials,
            () -> location(lake, stagingPath.or(lake::usualStaging)));
    Examination examination = new Examination(new DoctorAdvice(subject));
    checkWorkspace(examination, new WorkspaceChecks(api, pause, lake, subject), lake, target);
    checkStaging(examination, new StagingChecks(lake, subject, stagingPath));
    return examination.report();
  }

  private static TableName probeFor(TableName target) {
    String random = UUID.randomUUID().toString().replace("-", "");
    return target.inStaging("vx_doctor_" + random);
  }

  private static Optional<String> location(LakeWorkspace lake, Optional<String> staging) {
    return staging.flatMap(url -> lake.catalog().findExternalLocation(url, Examination.NEVER));
  }

  private static void checkWorkspace(
      Examination examination, WorkspaceChecks checks, LakeWorkspace lake, TableName name) {
    examination.make(DoctorCheck.WORKSPACE, checks::workspace);
    examination.make(DoctorCheck.CLOCK, checks::clock);
    examination.make(DoctorCheck.TOKEN, checks::token);
    examination.make(DoctorCheck.WAREHOUSE, checks::warehouse);
    examination.make(DoctorCheck.WAREHOUSE_START, checks::warehouseStart);
    TargetChecks target = new TargetChecks(lake, name);
    examination.make(DoctorCheck.TARGET, target::target);
    examination.make(DoctorCheck.TARGET_COLUMNS, target::columns);
    examination.make(DoctorCheck.TARGET_SELECT, checks::select);
    examination.make(DoctorCheck.TARGET_MODIFY, checks::modify);
  }

  private static void checkStaging(Examination examination, StagingChecks checks) {
    try {
      examination.make(DoctorCheck.STAGING_PLACE, checks::place);
      examination.make(DoctorCheck.STAGING_SCHEMA, checks::schema);
      examination.make(DoctorCheck.STAGING_TABLE, checks::table);
      examination.make(DoctorCheck.STAGING_CREDENTIALS, checks::credentials);
      examination.make(DoctorCheck.S3_WRITE, checks::write);
      examination.make(DoctorCheck.S3_CONDITIONAL_WRITE, checks::conditionalWrite);
      examination.make(DoctorCheck.S3_LIST, checks::list);
      examination.make(DoctorCheck.S3_DELETE, checks::delete);
      examination.make(DoctorCheck.PATH_CREDENTIALS, checks::path);
    } finally {
      boolean interrupted = Thread.interrupted();
      examination.make(DoctorCheck.CLEAN_UP, checks::cleanUp);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Closes the connections to the buckets. */
  @Override
  public void close() {
    access.close();
  }
}
