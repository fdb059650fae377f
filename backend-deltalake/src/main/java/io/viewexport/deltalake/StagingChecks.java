// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.delta.kernel.internal.util.Utils;
import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.deltalake.internal.catalog.CatalogTable;
import io.viewexport.deltalake.internal.catalog.UnityCatalog;
import io.viewexport.deltalake.internal.catalog.UnityCatalog.PathAccess;
import io.viewexport.deltalake.internal.catalog.VendedCredentials;
import io.viewexport.deltalake.internal.merge.TargetDdl;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.PathNotAllowedException;
import io.viewexport.deltalake.internal.storage.StorageFailures;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether staging works: by a table of a random name with one file, both of which are gone
 * afterwards.
 */
final class StagingChecks {
  private static final String FILE = "/probe";

  private final LakeWorkspace lake;
  private final UnityCatalog catalog;
  private final DoctorSubject subject;
  private final Optional<String> wanted;
  private String place = "";
  private @Nullable CatalogTable table;
  private @Nullable LakeStorage storage;

  /** Whether the table may be registered, and the file there, as far as is known. */
  private boolean mayBeRegistered;

  private boolean mayHaveFiles;

  /**
   * Checks.
   *
   * @param wanted the place for staging; empty for the usual one
   */
  StagingChecks(LakeWorkspace lake, DoctorSubject subject, Optional<String> wanted) {
    this.lake = lake;
    this.catalog = lake.catalog();
    this.subject = subject;
    this.wanted = wanted;
  }

  private TableName probe() {
    return subject.probe();
  }

  private String probePlace() {
    return place + "/" + probe().table();
  }

  DoctorFinding place() {
    Optional<String> named = wanted.isEmpty() ? lake.usualStaging() : wanted;
    if (named.isEmpty()) {
      return DoctorFinding.failed(
          DoctorCheck.STAGING_PLACE,
          "missing-parameter",
          "No place for staging is named, and several roots are allowed.",
          "Name one below an allowed root.",
          List.of());
    }
    try {
      place = lake.resolveStaging(named.get());
      return DoctorFinding.ok(DoctorCheck.STAGING_PLACE, place + " is allowed.");
    } catch (PathNotAllowedException e) {
      return DoctorFinding.failed(DoctorCheck.STAGING_PLACE, e.code(), e.message(), "", List.of());
    }
  }

  DoctorFinding schema() {
    if (catalog.schemaExists(probe().catalog(), probe().schema(), Examination.NEVER)) {
      return DoctorFinding.ok(DoctorCheck.STAGING_SCHEMA, probe().schemaName() + " is there.");
    }
    String principal = subject.principal();
    return DoctorFinding.failed(
        DoctorCheck.STAGING_SCHEMA,
        "staging-schema-missing",
        "There is no schema " + probe().schemaName() + " for staging tables.",
        "Make it, and grant what staging needs on it.",
        List.of(
            TargetDdl.createSchema(probe().catalog(), probe().schema()),
            TargetDdl.grantSchema(probe(), "USE SCHEMA, CREATE TABLE", principal),
            TargetDdl.grantSchema(probe(), "EXTERNAL USE SCHEMA", principal)));
  }

  DoctorFinding table() {
    mayBeRegistered = true;
    try {
      table =
          catalog.createExternalTable(
              probe(), LakeSchema.of(TargetChecks.key()), probePlace(), Examination.NEVER);
    } catch (ExportException e) {
      mayBeRegistered = !isPermanent(e);
      throw e;
    }
    return DoctorFinding.ok(DoctorCheck.STAGING_TABLE, "Staging tables can be registered.");
  }

  DoctorFinding credentials() {
    VendedCredentials vended =
        catalog.credentialsFor(Objects.requireNonNull(table), Examination.NEVER);
    vended.resolveCredentials();
    storage = lake.storage(vended);
    return DoctorFinding.ok(
        DoctorCheck.STAGING_CREDENTIALS, "The workspace vends credentials for staging tables.");
  }

  DoctorFinding write() {
    mayHaveFiles = true;
    try {
      put("first");
    } catch (IOException e) {
      RuntimeException failure = failure(e);
      mayHaveFiles = !isPermanent(failure);
      throw failure;
    }
    return DoctorFinding.ok(DoctorCheck.S3_WRITE, "Files can be written below " + place + ".");
  }

  /** Then it surely had no effect. */
  private static boolean isPermanent(RuntimeException e) {
    return e instanceof ExportException failure && failure.kind() == FailureKind.PERMANENT;
  }

  private void put(String text) throws IOException {
    open()
        .fileIo()
        .newOutputFile(probePlace() + FILE)
        .writeAtomically(Utils.singletonCloseableIterator(text), false);
  }

  private LakeStorage open() {
    return Objects.requireNonNull(storage);
  }

  private RuntimeException failure(IOException e) {
    return StorageFailures.of(e, "Probe not written", probePlace() + FILE);
  }

  /** Other text than the first: of the same the storage would say that all is done. */
  DoctorFinding conditionalWrite() {
    try {
      put("second");
    } catch (FileAlreadyExistsException asItShould) {
      return DoctorFinding.ok(
          DoctorCheck.S3_CONDITIONAL_WRITE, "The bucket refuses to write what is there already.");
    } catch (IOException e) {
      throw failure(e);
    }
    return DoctorFinding.failed(
        DoctorCheck.S3_CONDITIONAL_WRITE,
        "store-not-supported",
        "The store wrote over a file in spite of If-None-Match, without which commits are not"
            + " safe.",
        "Use a store that has conditional writes.",
        List.of());
  }

  DoctorFinding list() {
    List<String> names = open().names(probePlace());
    return names.contains(FILE.substring(1))
        ? DoctorFinding.ok(DoctorCheck.S3_LIST, "What was written is listed.")
        : DoctorFinding.failed(
            DoctorCheck.S3_LIST,
            "file-missing",
            "What was written is not listed.",
            "Use a store that lists what it has at once.",
            List.of());
  }

  DoctorFinding delete() {
    open().deleteTree(probePlace());
    mayHaveFiles = false;
    return DoctorFinding.ok(DoctorCheck.S3_DELETE, "Files can be deleted.");
  }

  DoctorFinding path() {
    String path = place + "/" + probe().table() + "_path";
    catalog
        .credentialsFor(path, PathAccess.PATH_READ_WRITE, Examination.NEVER)
        .resolveCredentials();
    return DoctorFinding.ok(
        DoctorCheck.PATH_CREDENTIALS, "The workspace vends credentials for paths.");
  }

  /** Takes away what is left: files first, as it is the table that gives the right to. */
  DoctorFinding cleanUp() {
    if (!mayBeRegistered) {
      return DoctorFinding.skipped(DoctorCheck.CLEAN_UP, "Nothing was made.");
    }
    List<ExportException> failures = new ArrayList<>();
    if (mayHaveFiles) {
      attempt(() -> open().deleteTree(probePlace()), failures);
    }
    attempt(() -> catalog.deleteTable(probe(), Examination.NEVER), failures);
    if (failures.isEmpty()) {
      return DoctorFinding.ok(DoctorCheck.CLEAN_UP, "Nothing of the probe is left.");
    }
    return DoctorFinding.failed(
        DoctorCheck.CLEAN_UP,
        failures.get(0).code(),
        failures.get(0).message(),
        "Drop the table, if it is there, and delete what is below " + probePlace() + ".",
        List.of("DROP TABLE IF EXISTS " + probe().sql()));
  }

  private static void attempt(Runnable deleting, List<ExportException> failures) {
    try {
      deleting.run();
    } catch (ExportException e) {
      failures.add(e);
    }
  }
}
