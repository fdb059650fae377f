// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.deltalake.internal.schema.SqlNames;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What to do about a check that failed: above all, what to grant. */
final class DoctorAdvice {
  private static final Set<String> DENIED =
      Set.of("access-denied", "no-external-use-location-grant", "warehouse-access-denied");

  private final DoctorSubject subject;

  DoctorAdvice(DoctorSubject subject) {
    this.subject = subject;
  }

  /**
   * A privilege that may be missing.
   *
   * @param name such as {@code CREATE TABLE}
   * @param object what it is granted on, as SQL writes it
   */
  private record Grant(String name, String object) {
    String sql(String principal) {
      return "GRANT " + name + " ON " + object + " TO " + SqlNames.quote(principal);
    }
  }

  /** The finding for a check that failed by this. */
  DoctorFinding failed(DoctorCheck check, ExportException e) {
    List<Grant> grants = DENIED.contains(e.code()) ? missing(check, e) : List.of();
    if (!grants.isEmpty()) {
      return denied(check, e, grants);
    }
    return DoctorFinding.failed(check, e.code(), e.message(), advice(check, e.code()), List.of());
  }

  private DoctorFinding denied(DoctorCheck check, ExportException e, List<Grant> grants) {
    String names = grants.stream().map(Grant::name).collect(Collectors.joining(", "));
    String found =
        "Access is denied: the service principal lacks "
            + names
            + (grants.size() > 1 ? ", or some of these." : ".");
    List<String> sql = grants.stream().map(grant -> grant.sql(subject.principal())).toList();
    if (check == DoctorCheck.PATH_CREDENTIALS) {
      return DoctorFinding.warned(
          check,
          e.code(),
          found,
          "Exports work without it; files that no staging table gives a right to are left in S3"
              + " then, with the warning staging-s3-cleanup-skipped.",
          sql);
    }
    return DoctorFinding.failed(check, e.code(), found, advice(check, e.code()), sql);
  }

  private String advice(DoctorCheck check, String code) {
    return switch (check) {
      case WAREHOUSE, WAREHOUSE_START ->
          code.equals("warehouse-access-denied")
              ? "On warehouse "
                  + subject.warehouse()
                  + ", under Permissions, give the service principal "
                  + subject.principal()
                  + " \"Can use\"; there is no SQL for that."
              : "";
      case STAGING_CREDENTIALS ->
          "EXTERNAL USE SCHEMA is granted by the owner of the catalog, and is no part of ALL"
              + " PRIVILEGES.";
      case S3_WRITE, S3_LIST, S3_DELETE ->
          "The credentials are the workspace's: see that the role of the external location's"
              + " storage credential, and the bucket's policy, allow it.";
      default -> "";
    };
  }

  /** Those that the answer names, else all that the check needs. */
  private List<Grant> missing(DoctorCheck check, ExportException e) {
    List<Grant> needed = needed(check);
    List<String> named =
        e.getCause() instanceof WorkspaceException refusal ? refusal.reasons() : List.of();
    List<Grant> found =
        needed.stream()
            .filter(
                grant -> named.contains(grant.name().replace(' ', '_').toUpperCase(Locale.ROOT)))
            .toList();
    return found.isEmpty() ? needed : found;
  }

  private List<Grant> needed(DoctorCheck check) {
    String target = subject.target().sql();
    Grant useCatalog =
        new Grant("USE CATALOG", "CATALOG " + SqlNames.quote(subject.target().catalog()));
    String schema = "SCHEMA " + subject.target().schemaSql();
    String staging = "SCHEMA " + subject.probe().schemaSql();
    return switch (check) {
      case TARGET, TARGET_SELECT ->
          List.of(
              useCatalog, new Grant("USE SCHEMA", schema), new Grant("SELECT", "TABLE " + target));
      case TARGET_MODIFY -> List.of(new Grant("MODIFY", "TABLE " + target));
      case STAGING_SCHEMA -> List.of(useCatalog, new Grant("USE SCHEMA", staging));
      case STAGING_TABLE ->
          List.of(
              new Grant("USE SCHEMA", staging),
              new Grant("CREATE TABLE", staging),
              new Grant("EXTERNAL USE SCHEMA", staging),
              new Grant("CREATE EXTERNAL TABLE", location()),
              new Grant("EXTERNAL USE LOCATION", location()));
      case STAGING_CREDENTIALS -> List.of(new Grant("EXTERNAL USE SCHEMA", staging));
      case PATH_CREDENTIALS ->
          List.of(
              new Grant("EXTERNAL USE LOCATION", location()),
              new Grant("READ FILES", location()),
              new Grant("WRITE FILES", location()));
      default -> List.of();
    };
  }

  private String location() {
    return "EXTERNAL LOCATION " + SqlNames.quote(subject.location());
  }
}
