// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.deltalake.internal.catalog.Subject.Call;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import io.viewexport.deltalake.internal.workspace.WorkspaceException.Effect;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CatalogFailuresTest {
  private static final TableName NAME = TableName.parse("main.fhir`s.t");

  private static Subject subject(Call call) {
    return switch (call) {
      case PATH_CREDENTIALS -> Subject.path("s3://bucket/p");
      case GET_SCHEMA -> Subject.schema("main", "fhir`s");
      default -> Subject.table("not done", call, NAME);
    };
  }

  private static ExportException failure(
      int status, String code, @Nullable String reason, Call call) {
    List<String> reasons = reason == null ? List.of() : List.of(reason);
    return CatalogFailures.of(
        new WorkspaceException(Effect.UNKNOWN, status, code, reasons, null, null), subject(call));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | PERMISSION_DENIED | EXTERNAL_ACCESS_DISABLED_ON_METASTORE | TABLE_CREDENTIALS |"
            + " PERMANENT | external-access-disabled | turn on external data access",
        "403 | PERMISSION_DENIED | EXTERNAL_USE_SCHEMA | TABLE_CREDENTIALS | PERMANENT |"
            + " access-denied | GRANT EXTERNAL USE SCHEMA ON SCHEMA `main`.`fhir``s` TO",
        "403 | PERMISSION_DENIED | EXTERNAL_USE_SCHEMA | CREATE_TABLE | PERMANENT | access-denied |"
            + " GRANT EXTERNAL USE SCHEMA ON SCHEMA `main`.`fhir``s` TO",
        "403 | PERMISSION_DENIED | | TABLE_CREDENTIALS | PERMANENT | access-denied | GRANT EXTERNAL"
            + " USE SCHEMA ON SCHEMA `main`.`fhir``s` TO",
        "403 | PERMISSION_DENIED | EXTERNAL_USE_LOCATION | CREATE_TABLE | PERMANENT | access-denied"
            + " | EXTERNAL USE LOCATION",
        "403 | PERMISSION_DENIED | | PATH_CREDENTIALS | PERMANENT | no-external-use-location-grant"
            + " | that holds s3://bucket/p",
        "401 | UNAUTHENTICATED | UNITY_CATALOG_EXTERNAL_GENERATE_TABLE_CREDENTIALS_DENIED |"
            + " TABLE_CREDENTIALS | PERMANENT | access-denied | GRANT EXTERNAL USE SCHEMA",
        "401 | UNAUTHENTICATED | UNITY_CATALOG_EXTERNAL_GENERATE_PATH_CREDENTIALS_DENIED |"
            + " PATH_CREDENTIALS | PERMANENT | no-external-use-location-grant | EXTERNAL USE"
            + " LOCATION",
        "401 | UNAUTHENTICATED | | GET_TABLE | PERMANENT | authentication-refused | service"
            + " principal",
        "403 | INSUFFICIENT_PRIVILEGES | | CREATE_TABLE | PERMANENT | access-denied | CREATE"
            + " EXTERNAL TABLE",
        "403 | INSUFFICIENT_PERMISSIONS | | GET_TABLE | PERMANENT | access-denied | GRANT SELECT,"
            + " MODIFY ON TABLE `main`.`fhir``s`.`t` TO",
        "403 | '' | | DELETE_TABLE | PERMANENT | access-denied | GRANT MANAGE ON TABLE",
        "403 | '' | | GET_SCHEMA | PERMANENT | access-denied | GRANT USE SCHEMA ON SCHEMA"
            + " `main`.`fhir``s` TO",
        "400 | LOCATION_OVERLAP | | CREATE_TABLE | PERMANENT | location-overlap | stagingTablePath",
        "400 | INVALID_PARAMETER_VALUE | LOCATION_OVERLAP | PATH_CREDENTIALS | PERMANENT |"
            + " location-overlap | stagingTablePath",
        "400 | EXTERNAL_WRITE_NOT_ALLOWED_FOR_TABLE | | TABLE_CREDENTIALS | PERMANENT |"
            + " external-write-not-allowed | managed table",
        "404 | TABLE_DOES_NOT_EXIST | | TABLE_CREDENTIALS | PERMANENT | table-not-found |"
            + " main.fhir`s.t",
        "404 | TABLE_NOT_FOUND | | TABLE_CREDENTIALS | PERMANENT | table-not-found | main.fhir`s.t",
        "404 | SCHEMA_DOES_NOT_EXIST | | CREATE_TABLE | PERMANENT | schema-not-found | CREATE"
            + " SCHEMA `main`.`fhir``s`",
        "404 | SCHEMA_NOT_FOUND | | CREATE_TABLE | PERMANENT | schema-not-found | main.fhir`s",
        "404 | CATALOG_DOES_NOT_EXIST | | CREATE_TABLE | PERMANENT | catalog-not-found | GRANT USE"
            + " CATALOG ON CATALOG `main`",
        "404 | CATALOG_NOT_FOUND | | GET_SCHEMA | PERMANENT | catalog-not-found | main",
        "404 | EXTERNAL_LOCATION_DOES_NOT_EXIST | | PATH_CREDENTIALS | PERMANENT |"
            + " external-location-not-found | CREATE EXTERNAL LOCATION",
        "404 | ENDPOINT_NOT_FOUND | | GET_TABLE | PERMANENT | no-unity-catalog | Unity Catalog",
        "404 | RESOURCE_DOES_NOT_EXIST | | TABLE_CREDENTIALS | PERMANENT | not-found |"
            + " main.fhir`s.t",
        "404 | '' | | TABLE_CREDENTIALS | RETRYABLE | workspace-answer-not-understood | proxies",
        "400 | INVALID_PARAMETER_VALUE | | CREATE_TABLE | PERMANENT | catalog-refused | HTTP 400"
            + " INVALID_PARAMETER_VALUE",
        "429 | RESOURCE_EXHAUSTED | | CREATE_TABLE | RETRYABLE | workspace-unavailable | HTTP 429",
        "429 | REQUEST_LIMIT_EXCEEDED | | TABLE_CREDENTIALS | RETRYABLE | workspace-unavailable |"
            + " HTTP 429",
        "500 | INTERNAL_ERROR | | CREATE_TABLE | RETRYABLE | workspace-unavailable | HTTP 500",
        "503 | TEMPORARILY_UNAVAILABLE | | GET_TABLE | RETRYABLE | workspace-unavailable | HTTP"
            + " 503",
        "504 | '' | | DELETE_TABLE | RETRYABLE | workspace-unavailable | HTTP 504",
        "0 | timed-out | | CREATE_TABLE | RETRYABLE | workspace-unavailable | in time",
        "0 | answer-lost | | CREATE_TABLE | RETRYABLE | workspace-unavailable | broke",
        "0 | connect-failed | | GET_TABLE | RETRYABLE | workspace-unavailable | reached",
        "0 | answer-too-large | | GET_TABLE | RETRYABLE | workspace-unavailable | more than is"
            + " taken",
        "0 | workspace-failing | | GET_TABLE | RETRYABLE | workspace-unavailable | again and again",
        "0 | too-many-calls | | GET_TABLE | RETRYABLE | workspace-unavailable | requestsPerSecond",
        "0 | interrupted | | GET_TABLE | RETRYABLE | workspace-unavailable | interrupted",
        "200 | answer-not-json | | GET_TABLE | RETRYABLE | workspace-unavailable | no workspace",
        "302 | redirected | | GET_TABLE | PERMANENT | catalog-refused | HTTP 302 redirected",
      })
  void saysWhatToDo(
      int status,
      String code,
      @Nullable String reason,
      Call call,
      FailureKind kind,
      String ours,
      String hint) {
    ExportException failure = failure(status, code, reason, call);

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.code()).isEqualTo(ours);
    assertThat(failure.message()).contains(hint).startsWith(subject(call).doing());
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void everyRefusalNamesTheGrantToRun(Call call) {
    assertThat(failure(403, "PERMISSION_DENIED", null, call).message())
        .contains("GRANT ")
        .contains(" TO `<service principal>`");
  }

  @Test
  void handsOnWhenToComeBack() {
    WorkspaceException busy =
        new WorkspaceException(
            Effect.NONE, 429, "RESOURCE_EXHAUSTED", List.of(), Duration.ofSeconds(9), null);

    assertThat(CatalogFailures.of(busy, subject(Call.GET_TABLE)).retryAfter())
        .contains(Duration.ofSeconds(9));
  }
}
