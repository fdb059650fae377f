// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarehouseFailuresTest {
  private static final WarehouseFailures.Subject SUBJECT =
      new WarehouseFailures.Subject(
          "View 0 of job j not merged", "wh1", new TableName("main", "fhir", "patient"));

  private static StatementFailure failure(String message, String sqlState, String errorCode) {
    ObjectNode status = JsonNodeFactory.instance.objectNode().put("sql_state", sqlState);
    status.putObject("error").put("message", message).put("error_code", errorCode);
    return StatementFailure.of(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "[INSUFFICIENT_PRIVILEGES] x|-|-|PERMANENT|warehouse-access-denied|NONE",
        "[INSUFFICIENT_PERMISSIONS] x|42501|-|PERMANENT|warehouse-access-denied|NONE",
        "[PERMISSION_DENIED] x|-|-|PERMANENT|warehouse-access-denied|NONE",
        "PERMISSION_DENIED: x|42501|-|PERMANENT|warehouse-access-denied|NONE",
        "x|-|PERMISSION_DENIED|PERMANENT|warehouse-access-denied|NONE",
        "[TABLE_OR_VIEW_NOT_FOUND] x|42P01|-|PERMANENT|table-not-found|NONE",
        "x|42P01|-|PERMANENT|table-not-found|NONE",
        "[DELTA_CONCURRENT_APPEND.WITHOUT_HINT] x|2D521|-|RETRYABLE|target-busy|REPEAT",
        "[DELTA_CONCURRENT_DELETE_READ] x|-|-|RETRYABLE|target-busy|REPEAT",
        "[DELTA_CONCURRENT_TRANSACTION] x|-|-|RETRYABLE|target-busy|REPEAT",
        "[DELTA_METADATA_CHANGED] x|-|-|RETRYABLE|target-busy|REPEAT",
        "[DELTA_INSERT_COLUMN_ARITY_MISMATCH] x|42802|-|PERMANENT|target-columns-differ|LOOK_AGAIN",
        "[DELTA_MERGE_UNRESOLVED_EXPRESSION] x|42601|-|PERMANENT|target-columns-differ|LOOK_AGAIN",
        "[UNRESOLVED_COLUMN.WITH_SUGGESTION] x|42703|-|PERMANENT|target-columns-differ|LOOK_AGAIN",
        "[FIELD_ALREADY_EXISTS] x|42710|-|RETRYABLE|column-exists|DONE",
        "[DELTA_CREATE_TABLE_SCHEME_MISMATCH] x|42KD7|-|PERMANENT|old-table-in-path|NONE",
        "[LOCATION_OVERLAP] x|-|-|PERMANENT|location-overlap|NONE",
        "[DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE]"
            + " x|21506|-|PERMANENT|duplicate-key|NONE",
        "[DELTA_NOT_NULL_CONSTRAINT_VIOLATED] x|23502|-|PERMANENT|null-in-required-column|NONE",
        "[DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] x|23001|-|PERMANENT|constraint-violated|NONE",
        "[CAST_INVALID_INPUT] x|22018|-|PERMANENT|value-not-convertible|NONE",
        "[CAST_OVERFLOW_IN_TABLE_INSERT] x|22003|-|PERMANENT|value-not-convertible|NONE",
        "[USER_RAISED_EXCEPTION] x|P0001|-|RETRYABLE|merge-too-late|MORE_TIME",
        "[EXTERNAL_ACCESS_DISABLED_ON_METASTORE] x|-|-|PERMANENT|external-access-disabled|NONE",
        "x|-|RESOURCE_EXHAUSTED|RETRYABLE|warehouse-busy|WAIT",
        "x|-|WORKSPACE_TEMPORARILY_UNAVAILABLE|RETRYABLE|warehouse-busy|WAIT",
        "x|-|TEMPORARILY_UNAVAILABLE|RETRYABLE|warehouse-busy|WAIT",
        "x|-|SERVICE_UNDER_MAINTENANCE|RETRYABLE|warehouse-busy|WAIT",
        "x|-|DEADLINE_EXCEEDED|RETRYABLE|warehouse-busy|WAIT",
        "x|-|NOT_FOUND|PERMANENT|warehouse-not-found|NONE",
        "x|-|UNAUTHENTICATED|PERMANENT|workspace-unauthenticated|NONE",
        "[PARSE_SYNTAX_ERROR] x|42601|-|PERMANENT|statement-not-understood|NONE",
        "x|-|INTERNAL_ERROR|RETRYABLE|statement-failed|WAIT",
        "x|-|ABORTED|RETRYABLE|statement-failed|WAIT",
        "x|-|ALREADY_EXISTS|RETRYABLE|statement-failed|WAIT",
        "x|-|BAD_REQUEST|RETRYABLE|statement-failed|WAIT",
        "x|-|IO_ERROR|RETRYABLE|statement-failed|WAIT",
        "x|-|UNKNOWN|RETRYABLE|statement-failed|WAIT",
        "x|-|CANCELLED|RETRYABLE|statement-cancelled|WAIT",
        "x|-|RESOURCE_DOES_NOT_EXIST|PERMANENT|warehouse-not-found|NONE",
        "[EXTERNAL_WRITE_NOT_ALLOWED_FOR_TABLE] x|-|-|PERMANENT|external-access-disabled|NONE",
        "[DELTA_CANNOT_MODIFY_APPEND_ONLY] x|42809|-|PERMANENT|target-append-only|NONE",
        "[DELTA_TABLE_NOT_FOUND] x|42P01|-|PERMANENT|table-not-found|NONE",
        "[SCHEMA_NOT_FOUND] x|42704|-|PERMANENT|table-not-found|NONE",
        "org.apache.spark.SparkException: [CAST_INVALID_INPUT]"
            + " x|-|-|PERMANENT|value-not-convertible|NONE",
        "-|-|-|RETRYABLE|statement-failed|WAIT"
      })
  void everyFailureOfAStatementIsNamed(
      String message,
      String state,
      String errorCode,
      FailureKind kind,
      String code,
      Remedy remedy) {
    StatementFailure failure = failure(message, state, errorCode);
    ExportException e = WarehouseFailures.ofStatement(failure, SUBJECT);
    assertThat(e.kind()).isEqualTo(kind);
    assertThat(e.code()).isEqualTo(code);
    assertThat(WarehouseFailures.remedy(failure)).isEqualTo(remedy);
    assertThat(e.message()).startsWith("View 0 of job j not merged (").doesNotContain("%");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "401|UNAUTHENTICATED|-|PERMANENT|workspace-unauthenticated",
        "403|PERMISSION_DENIED|-|PERMANENT|warehouse-access-denied",
        "403|-|-|PERMANENT|warehouse-access-denied",
        "403|PERMISSION_DENIED|EXTERNAL_ACCESS_DISABLED_ON_METASTORE|PERMANENT|external-access-disabled",
        "404|NOT_FOUND|-|PERMANENT|warehouse-not-found",
        "404|RESOURCE_DOES_NOT_EXIST|-|PERMANENT|warehouse-not-found",
        "404|-|-|RETRYABLE|workspace-answer-not-understood",
        "403|PERMISSION_DENIED|EXTERNAL_WRITE_NOT_ALLOWED_FOR_TABLE|PERMANENT|external-access-disabled",
        "429|REQUEST_LIMIT_EXCEEDED|-|RETRYABLE|warehouse-busy",
        "501|-|-|RETRYABLE|warehouse-busy",
        "400|-|-|PERMANENT|statement-not-understood",
        "429|RESOURCE_EXHAUSTED|-|RETRYABLE|warehouse-busy",
        "503|TEMPORARILY_UNAVAILABLE|-|RETRYABLE|warehouse-busy",
        "500|-|-|RETRYABLE|warehouse-busy",
        "0|connect-failed|-|RETRYABLE|workspace-unavailable",
        "200|answer-not-json|-|RETRYABLE|workspace-unavailable"
      })
  void everyFailureOfACallIsNamed(
      int status, String errorCode, String reason, FailureKind kind, String code) {
    WorkspaceException failed =
        new WorkspaceException(
            WorkspaceException.Effect.NONE,
            status,
            errorCode == null ? "" : errorCode,
            reason == null ? List.of() : List.of(reason),
            Duration.ofSeconds(7),
            null);
    ExportException e = WarehouseFailures.ofSubmit(failed, SUBJECT);
    assertThat(e.kind()).isEqualTo(kind);
    assertThat(e.code()).isEqualTo(code);
    assertThat(e.retryAfter()).contains(Duration.ofSeconds(7));
  }

  @Test
  void aLostAnswerToASubmitIsNotGuessedAt() {
    ExportException e = WarehouseFailures.ofSubmit(ScriptedWorkspace.lost(), SUBJECT);
    assertThat(e.kind()).isEqualTo(FailureKind.OUTCOME_UNKNOWN);
  }

  @Test
  void nothingOfTheServersTextIsKept() {
    String text = "[NO_SUCH_CLASS.SUB] value 'Jane Doe' [SECRET]";
    StatementFailure failure = failure(text, "not a state: Jane", "Jane Doe");
    assertThat(failure).isEqualTo(new StatementFailure("NO_SUCH_CLASS.SUB", "", ""));
    assertThat(WarehouseFailures.ofStatement(failure, SUBJECT).message()).doesNotContain("Jane");
    assertThat(failure("Jane [SECRET]", "", "").errorClass()).isEmpty();
    assertThat(failure("[Jane]", "", "").errorClass()).isEmpty();
  }

  @Test
  void missingGrantsAreWrittenOut() {
    ExportException e =
        WarehouseFailures.ofStatement(failure("[INSUFFICIENT_PRIVILEGES]", "42501", ""), SUBJECT);
    assertThat(e.message())
        .contains("GRANT SELECT, MODIFY ON TABLE `main`.`fhir`.`patient` TO `")
        .contains("CAN_USE on warehouse wh1");
  }

  @Test
  void accessFromOutsideIsGrantedOnStagingAlone() {
    ExportException e =
        WarehouseFailures.ofStatement(
            failure("[EXTERNAL_ACCESS_DISABLED_ON_METASTORE]", "", ""), SUBJECT);
    assertThat(e.message())
        .contains("GRANT EXTERNAL USE SCHEMA ON SCHEMA `main`.`fhir_staging` TO `");
  }
}
