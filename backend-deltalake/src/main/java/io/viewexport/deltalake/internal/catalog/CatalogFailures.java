// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import io.viewexport.api.ExportException;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import io.viewexport.deltalake.internal.workspace.WorkspaceFailures;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what Unity Catalog answers into failures in the library's own words. By status and codes,
 * and by what was called. Never {@code OUTCOME_UNKNOWN}: all of these calls may be made again.
 */
final class CatalogFailures {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private CatalogFailures() {}

  /** The failure of a call about this. */
  static ExportException of(WorkspaceException e, Subject subject) {
    for (String code : codes(e)) {
      ExportException known = byCode(code, e, subject);
      if (known != null) {
        return known;
      }
    }
    if (WorkspaceFailures.isPassing(e)) {
      return WorkspaceFailures.passing(e, subject.doing());
    }
    if (WorkspaceFailures.isForeign(e)) {
      return WorkspaceFailures.foreign(e, subject.doing());
    }
    return byStatus(e, subject);
  }

  /** Whether the answer says that there is a table of this name already. */
  static boolean isExisting(WorkspaceException e) {
    return switch (e.errorCode()) {
      case "TABLE_ALREADY_EXISTS", "RESOURCE_ALREADY_EXISTS", "ALREADY_EXISTS" -> true;
      default -> false;
    };
  }

  /** Whether the answer says that the very thing asked for is missing, not what it would be in. */
  static boolean isMissing(WorkspaceException e, Subject subject) {
    return isNotFound(e) && codes(e).stream().noneMatch(code -> isWider(code, subject));
  }

  private static boolean isWider(String code, Subject subject) {
    return switch (code) {
      case "CATALOG_DOES_NOT_EXIST", "CATALOG_NOT_FOUND", "ENDPOINT_NOT_FOUND" -> true;
      case "SCHEMA_DOES_NOT_EXIST", "SCHEMA_NOT_FOUND" -> subject.call() != Subject.Call.GET_SCHEMA;
      default -> false;
    };
  }

  /** Whether it is not there, for whatever reason. */
  static boolean isNotFound(WorkspaceException e) {
    return e.status() == NOT_FOUND && !WorkspaceFailures.isForeign(e);
  }

  /** What says most comes first. */
  private static List<String> codes(WorkspaceException e) {
    return Stream.concat(e.reasons().stream(), Stream.of(e.errorCode())).toList();
  }

  private static @Nullable ExportException byCode(
      String code, WorkspaceException e, Subject subject) {
    return switch (code) {
      case "EXTERNAL_ACCESS_DISABLED_ON_METASTORE" ->
          permanent(
              "external-access-disabled",
              subject,
              "the metastore does not let other engines at its data; a metastore admin must turn on"
                  + " external data access in its settings",
              e);
      case "EXTERNAL_USE_SCHEMA", "UNITY_CATALOG_EXTERNAL_GENERATE_TABLE_CREDENTIALS_DENIED" ->
          denied(subject, externalUseSchema(subject), e);
      case "EXTERNAL_USE_LOCATION", "UNITY_CATALOG_EXTERNAL_GENERATE_PATH_CREDENTIALS_DENIED" ->
          denied(subject, externalUseLocation(subject), e);
      case "PERMISSION_DENIED", "INSUFFICIENT_PRIVILEGES", "INSUFFICIENT_PERMISSIONS" ->
          denied(subject, grants(subject), e);
      case "EXTERNAL_WRITE_NOT_ALLOWED_FOR_TABLE" ->
          permanent(
              "external-write-not-allowed",
              subject,
              "other engines may not write "
                  + subject.object()
                  + ", a managed table; only external tables can be written so",
              e);
      case "LOCATION_OVERLAP" ->
          permanent(
              "location-overlap",
              subject,
              "its path is, or holds, the root of an external location or schema, or another"
                  + " table's; choose a stagingTablePath strictly below the external location",
              e);
      case "CATALOG_DOES_NOT_EXIST", "CATALOG_NOT_FOUND" ->
          permanent(
              "catalog-not-found",
              subject,
              "there is no catalog "
                  + subject.catalog()
                  + ", or it can't be seen; check its name, or run "
                  + grant("USE CATALOG", "CATALOG " + quoted(subject.catalog())),
              e);
      case "SCHEMA_DOES_NOT_EXIST", "SCHEMA_NOT_FOUND" ->
          permanent(
              "schema-not-found",
              subject,
              "there is no schema "
                  + subject.schema()
                  + "; run CREATE SCHEMA "
                  + quoted(subject.schema())
                  + ", or name another",
              e);
      case "TABLE_DOES_NOT_EXIST", "TABLE_NOT_FOUND" ->
          permanent(
              "table-not-found",
              subject,
              "there is no table " + subject.object() + "; create it, or name another",
              e);
      case "EXTERNAL_LOCATION_DOES_NOT_EXIST", "EXTERNAL_LOCATION_NOT_FOUND" ->
          permanent(
              "external-location-not-found",
              subject,
              "no external location holds its path; run CREATE EXTERNAL LOCATION for its bucket",
              e);
      case "RESOURCE_EXHAUSTED", "REQUEST_LIMIT_EXCEEDED", "TEMPORARILY_UNAVAILABLE" ->
          WorkspaceFailures.passing(e, subject.doing());
      case "ENDPOINT_NOT_FOUND", "FEATURE_DISABLED" ->
          permanent("no-unity-catalog", subject, "the workspace does not serve Unity Catalog", e);
      default -> null;
    };
  }

  private static ExportException byStatus(WorkspaceException e, Subject subject) {
    return switch (e.status()) {
      case UNAUTHORIZED ->
          permanent(
              "authentication-refused",
              subject,
              "the workspace refuses its own token; check that the service principal is active and"
                  + " belongs to the workspace",
              e);
      case FORBIDDEN -> denied(subject, grants(subject), e);
      case NOT_FOUND ->
          permanent(
              "not-found",
              subject,
              "there is no " + subject.object() + ", or it can't be seen; check its name",
              e);
      default ->
          permanent(
              "catalog-refused",
              subject,
              "Unity Catalog refused it (HTTP "
                  + e.status()
                  + (e.errorCode().isEmpty() ? "" : " " + e.errorCode())
                  + ")",
              e);
    };
  }

  private static String grants(Subject subject) {
    return switch (subject.call()) {
      case TABLE_CREDENTIALS -> externalUseSchema(subject);
      case PATH_CREDENTIALS, LIST_LOCATIONS -> externalUseLocation(subject);
      case CREATE_TABLE ->
          useSchema(subject)
              + "; "
              + grant("CREATE TABLE, EXTERNAL USE SCHEMA", "SCHEMA " + quoted(subject.schema()))
              + "; "
              + grant("CREATE EXTERNAL TABLE, EXTERNAL USE LOCATION", location());
      case DELETE_TABLE ->
          useSchema(subject) + "; " + grant("MANAGE", "TABLE " + quoted(subject.object()));
      case GET_TABLE ->
          useSchema(subject) + "; " + grant("SELECT, MODIFY", "TABLE " + quoted(subject.object()));
      case GET_SCHEMA -> useSchema(subject);
    };
  }

  private static String useSchema(Subject subject) {
    return grant("USE CATALOG", "CATALOG " + quoted(subject.catalog()))
        + "; "
        + grant("USE SCHEMA", "SCHEMA " + quoted(subject.schema()));
  }

  /** Not part of ALL PRIVILEGES, and given by the catalog's owner only. */
  private static String externalUseSchema(Subject subject) {
    return subject.schema().isEmpty()
        ? externalUseLocation(subject)
        : grant("EXTERNAL USE SCHEMA", "SCHEMA " + quoted(subject.schema()));
  }

  private static String externalUseLocation(Subject subject) {
    return grant("EXTERNAL USE LOCATION, READ FILES, WRITE FILES", location())
        + " that holds "
        + subject.object();
  }

  private static String location() {
    return "EXTERNAL LOCATION <the location>";
  }

  private static String grant(String privileges, String object) {
    return "GRANT " + privileges + " ON " + object + " TO `<service principal>`";
  }

  private static String quoted(String name) {
    return Arrays.stream(name.split("\\.", -1))
        .map(part -> "`" + part.replace("`", "``") + "`")
        .collect(Collectors.joining("."));
  }

  private static ExportException denied(Subject subject, String grants, WorkspaceException e) {
    String code =
        subject.call() == Subject.Call.PATH_CREDENTIALS
            ? "no-external-use-location-grant"
            : "access-denied";
    return permanent(code, subject, "access is denied; run " + grants, e);
  }

  private static ExportException permanent(
      String code, Subject subject, String why, WorkspaceException e) {
    return ExportException.permanent(code, subject.doing() + ": " + why + ".", e);
  }
}
