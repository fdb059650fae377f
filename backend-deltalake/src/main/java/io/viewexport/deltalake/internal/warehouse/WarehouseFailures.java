// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.deltalake.internal.merge.TargetDdl;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import io.viewexport.deltalake.internal.workspace.WorkspaceFailures;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a warehouse answers into failures in the library's own words: by the class of the
 * error, then its SQLSTATE, its code, and the HTTP status. No text of the server's is kept.
 */
final class WarehouseFailures {
  private static final String PRINCIPAL = "<the export's principal>";
  private static final int UNAUTHENTICATED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int BAD_REQUEST = 400;
  private static final int SERVER_ERROR = 500;

  private static final TableName ANY_TABLE = new TableName("<catalog>", "<schema>", "<table>");

  private static final Rule DENIED =
      new Rule(
          "warehouse-access-denied",
          Remedy.NONE,
          "a privilege is missing; run %3$s; %4$s; %5$s; and give it CAN_USE on warehouse %2$s.");
  private static final Rule NO_TABLE =
      new Rule(
          "table-not-found",
          Remedy.NONE,
          "a staging table of the export, or %1$s, is not there or may not be seen; let nobody drop"
              + " staging tables during an export, and run %3$s; %4$s.");
  private static final Rule BUSY =
      new Rule("target-busy", Remedy.REPEAT, "another writer changed %1$s meanwhile.");
  private static final Rule COLUMNS =
      new Rule(
          "target-columns-differ",
          Remedy.LOOK_AGAIN,
          "the columns of %1$s are not what they were; let nobody change them during an export, and"
              + " export again.");
  private static final Rule VALUE =
      new Rule(
          "value-not-convertible",
          Remedy.NONE,
          "a value does not fit the type of its column in %1$s; compare the types of the view with"
              + " those of the target.");
  private static final Rule LOADED =
      new Rule(
          "warehouse-busy",
          Remedy.WAIT,
          "warehouse %2$s or its workspace has no capacity now; if that stays, make it larger.");
  private static final Rule IDENTITY =
      new Rule(
          "workspace-unauthenticated",
          Remedy.NONE,
          "the workspace does not know the credentials; renew the client secret.");
  private static final Rule GONE =
      new Rule(
          "warehouse-not-found",
          Remedy.NONE,
          "there is no warehouse %2$s in this workspace, or it was deleted; name another one.");
  private static final Rule UNEXPECTED =
      new Rule(
          "statement-failed",
          Remedy.WAIT,
          "the warehouse %2$s could not run the statement; its query history says why.");
  private static final Rule STOPPED =
      new Rule(
          "statement-cancelled",
          Remedy.WAIT,
          "somebody cancelled the statement, or stopped warehouse %2$s.");
  private static final Rule SYNTAX =
      new Rule(
          "statement-not-understood",
          Remedy.NONE,
          "the warehouse %2$s does not take the statement; this is a defect, or its channel is too"
              + " old.");
  private static final Rule OVERLAP =
      new Rule(
          "location-overlap",
          Remedy.NONE,
          "the staging path overlaps with another table or location; choose a folder of its own"
              + " below the external location, not its root.");
  private static final Rule NO_EXTERNAL_ACCESS =
      new Rule(
          "external-access-disabled",
          Remedy.NONE,
          "access from outside is off; a metastore admin must switch on external data access, and"
              + " the owner of the catalog must run %5$s.");

  /** By the main part of the error's class. */
  private static final Map<String, Rule> BY_CLASS =
      Map.ofEntries(
          Map.entry("INSUFFICIENT_PRIVILEGES", DENIED),
          Map.entry("INSUFFICIENT_PERMISSIONS", DENIED),
          Map.entry("PERMISSION_DENIED", DENIED),
          Map.entry("UNAUTHORIZED_ACCESS", DENIED),
          Map.entry("TABLE_OR_VIEW_NOT_FOUND", NO_TABLE),
          Map.entry("DELTA_TABLE_NOT_FOUND", NO_TABLE),
          Map.entry("DELTA_PATH_DOES_NOT_EXIST", NO_TABLE),
          Map.entry("SCHEMA_NOT_FOUND", NO_TABLE),
          Map.entry("NO_SUCH_CATALOG_EXCEPTION", NO_TABLE),
          Map.entry("TABLE_DOES_NOT_EXIST", NO_TABLE),
          Map.entry("CONCURRENT_APPEND", BUSY),
          Map.entry("DELTA_METADATA_CHANGED", BUSY),
          Map.entry("DELTA_PROTOCOL_CHANGED", BUSY),
          Map.entry("DELTA_INSERT_COLUMN_ARITY_MISMATCH", COLUMNS),
          Map.entry("INSERT_COLUMN_ARITY_MISMATCH", COLUMNS),
          Map.entry("DELTA_MERGE_UNRESOLVED_EXPRESSION", COLUMNS),
          Map.entry("DELTA_SCHEMA_CHANGED", COLUMNS),
          Map.entry("DELTA_SCHEMA_CHANGED_WITH_VERSION", COLUMNS),
          Map.entry("UNRESOLVED_COLUMN", COLUMNS),
          Map.entry(
              "FIELD_ALREADY_EXISTS",
              new Rule("column-exists", Remedy.DONE, "%1$s has the column already.")),
          Map.entry(
              "FIELDS_ALREADY_EXISTS",
              new Rule("column-exists", Remedy.DONE, "%1$s has the columns already.")),
          Map.entry(
              "DELTA_CREATE_TABLE_SCHEME_MISMATCH",
              new Rule(
                  "old-table-in-path",
                  Remedy.NONE,
                  "an old _delta_log is left in the path; remove it or choose another path.")),
          Map.entry("LOCATION_OVERLAP", OVERLAP),
          Map.entry(
              "DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE",
              new Rule(
                  "duplicate-key",
                  Remedy.NONE,
                  "several exported rows have the key of one row of %1$s; correct the view or"
                      + " choose another mergeKey.")),
          Map.entry(
              "DELTA_NOT_NULL_CONSTRAINT_VIOLATED",
              new Rule(
                  "null-in-required-column",
                  Remedy.NONE,
                  "a column of %1$s is NOT NULL, and exported rows have NULL there; drop the"
                      + " constraint or correct the view.")),
          Map.entry(
              "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES",
              new Rule(
                  "constraint-violated",
                  Remedy.NONE,
                  "exported rows violate a CHECK constraint of %1$s; drop it or correct the"
                      + " view.")),
          Map.entry(
              "DELTA_CANNOT_MODIFY_APPEND_ONLY",
              new Rule(
                  "target-append-only",
                  Remedy.NONE,
                  "%1$s is append-only; use mergeMode insert or history.")),
          Map.entry("DATATYPE_MISMATCH", VALUE),
          Map.entry("NUMERIC_VALUE_OUT_OF_RANGE", VALUE),
          Map.entry("ARITHMETIC_OVERFLOW", VALUE),
          Map.entry("EXCEED_LIMIT_LENGTH", VALUE),
          Map.entry("PARSE_SYNTAX_ERROR", SYNTAX),
          Map.entry("UNRESOLVED_ROUTINE", SYNTAX),
          Map.entry(
              "USER_RAISED_EXCEPTION",
              new Rule(
                  "merge-too-late",
                  Remedy.MORE_TIME,
                  "warehouse %2$s began the merge too late; if that stays, make it larger or raise"
                      + " MergeLimits.startWithin.")),
          Map.entry("EXTERNAL_ACCESS_DISABLED_ON_METASTORE", NO_EXTERNAL_ACCESS),
          Map.entry("EXTERNAL_WRITE_NOT_ALLOWED_FOR_TABLE", NO_EXTERNAL_ACCESS),
          Map.entry("RESOURCE_EXHAUSTED", LOADED),
          Map.entry("REQUEST_LIMIT_EXCEEDED", LOADED),
          Map.entry("UNAUTHENTICATED", IDENTITY));

  private static final Map<String, Rule> BY_STATE =
      Map.of(
          "42501", DENIED,
          "42P01", NO_TABLE,
          "2D521", BUSY,
          "42703", COLUMNS,
          "42802", COLUMNS,
          "22003", VALUE,
          "22018", VALUE,
          "42601", SYNTAX);

  private static final Map<String, Rule> BY_CODE =
      Map.of(
          "PERMISSION_DENIED", DENIED,
          "NOT_FOUND", GONE,
          "RESOURCE_DOES_NOT_EXIST", GONE,
          "RESOURCE_EXHAUSTED", LOADED,
          "SERVICE_UNDER_MAINTENANCE", LOADED,
          "TEMPORARILY_UNAVAILABLE", LOADED,
          "WORKSPACE_TEMPORARILY_UNAVAILABLE", LOADED,
          "DEADLINE_EXCEEDED", LOADED,
          "UNAUTHENTICATED", IDENTITY,
          "CANCELLED", STOPPED);

  private WarehouseFailures() {}

  /**
   * What a failure is called and what helps.
   *
   * @param code of the failure
   * @param remedy what helps
   * @param text may name the target (1), the warehouse (2) and statements that grant privileges (3
   *     to 5)
   */
  private record Rule(String code, Remedy remedy, String text) {
    FailureKind kind() {
      return switch (remedy) {
        case NONE, LOOK_AGAIN -> FailureKind.PERMANENT;
        case WAIT, REPEAT, MORE_TIME, DONE -> FailureKind.RETRYABLE;
      };
    }
  }

  /**
   * What a statement was about.
   *
   * @param doing what failed, as the beginning of a sentence
   * @param warehouse the warehouse's id
   * @param target the target
   */
  record Subject(String doing, String warehouse, TableName target) {
    private String fill(String text) {
      return text.formatted(
          target,
          warehouse,
          TargetDdl.grantTable(target, PRINCIPAL),
          TargetDdl.grantSchema(target, "USE SCHEMA", PRINCIPAL),
          TargetDdl.grantSchema(
              target.inStaging(target.table()), "EXTERNAL USE SCHEMA", PRINCIPAL));
    }
  }

  /** What helps after such a failure. */
  static Remedy remedy(StatementFailure failure) {
    return rule(failure).remedy();
  }

  /** Whether a table was not found: the target, or one of staging. */
  static boolean isTableMissing(StatementFailure failure) {
    return rule(failure).equals(NO_TABLE);
  }

  /** The failure of a statement, which had no effect. */
  static ExportException ofStatement(StatementFailure failure, Subject subject) {
    return exception(rule(failure), subject, failure.toString(), null);
  }

  private static Rule rule(StatementFailure failure) {
    String name = failure.mainClass();
    Rule known = BY_CLASS.get(name);
    if (known != null) {
      return known;
    }
    if (name.startsWith("DELTA_CONCURRENT_")) {
      return BUSY;
    } else if (name.startsWith("CAST_")) {
      return VALUE;
    }
    return Optional.ofNullable(BY_STATE.get(failure.sqlState()))
        .or(() -> Optional.ofNullable(BY_CODE.get(failure.errorCode())))
        .orElse(UNEXPECTED);
  }

  private static ExportException exception(
      Rule rule, Subject subject, String codes, @Nullable Throwable cause) {
    String message = subject.doing() + " (" + codes + "): " + subject.fill(rule.text());
    return switch (rule.kind()) {
      case PERMANENT -> ExportException.permanent(rule.code(), message, cause);
      case RETRYABLE -> ExportException.retryable(rule.code(), message, cause);
      case OUTCOME_UNKNOWN -> ExportException.outcomeUnknown(rule.code(), message, cause);
    };
  }

  /** The failure of a call that submits; unknown where the statement may run. */
  static ExportException ofSubmit(WorkspaceException e, Subject subject) {
    return e.effect() == WorkspaceException.Effect.UNKNOWN
        ? unknownSubmit(subject, e)
        : ofCall(e, subject);
  }

  /** The answer to a submit was lost. */
  static ExportException unknownSubmit(Subject subject, @Nullable Throwable cause) {
    return ExportException.outcomeUnknown(
        "statement-outcome-unknown",
        subject.doing()
            + ": the answer of warehouse "
            + subject.warehouse()
            + " was lost; its history will tell.",
        cause);
  }

  /** The failure of a call that only looks or cancels, or had no effect. */
  static ExportException ofCall(WorkspaceException e, Subject subject) {
    if (e.status() == 0 || e.errorCode().equals(WorkspaceException.ANSWER_NOT_JSON)) {
      return WorkspaceFailures.passing(e, subject.doing());
    }
    if (WorkspaceFailures.isForeign(e)) {
      ExportException foreign = WorkspaceFailures.foreign(e, subject.doing());
      return e.retryAfter().map(foreign::withRetryAfter).orElse(foreign);
    }
    ExportException failure =
        exception(rule(e), subject, "HTTP " + e.status() + " " + e.errorCode(), e);
    return e.retryAfter().map(failure::withRetryAfter).orElse(failure);
  }

  /** The failure of a call that looks something up, whatever it is for. */
  static ExportException ofCall(WorkspaceException e, String warehouse) {
    return ofCall(e, new Subject("Warehouse " + warehouse + " not asked", warehouse, ANY_TABLE));
  }

  private static Rule rule(WorkspaceException e) {
    for (String reason : e.reasons()) {
      Rule known = BY_CLASS.get(reason);
      if (known != null) {
        return known;
      }
    }
    if (e.status() == TOO_MANY || e.status() >= SERVER_ERROR) {
      return LOADED;
    }
    Rule known = BY_CODE.getOrDefault(e.errorCode(), BY_CLASS.get(e.errorCode()));
    if (known != null) {
      return known;
    }
    return switch (e.status()) {
      case UNAUTHENTICATED -> IDENTITY;
      case FORBIDDEN -> DENIED;
      case NOT_FOUND -> GONE;
      case BAD_REQUEST -> SYNTAX;
      default -> UNEXPECTED;
    };
  }

  /** An answer without what it must have. */
  static ExportException notUnderstood(String warehouse) {
    return ExportException.retryable(
        "warehouse-answer-not-understood",
        "Warehouse "
            + warehouse
            + " answered in a form that is not known; check the workspace's URL.",
        null);
  }

  /** Somebody else ended the statement. */
  static ExportException cancelled(Subject subject) {
    return exception(STOPPED, subject, "CANCELED", null);
  }

  /** The statement waited for the warehouse for too long and was cancelled. */
  static ExportException notStarted(Subject subject) {
    return ExportException.retryable(
        "warehouse-not-started",
        subject.doing()
            + ": warehouse "
            + subject.warehouse()
            + " did not begin in the time that it is allowed; see whether it can start, or raise"
            + " WorkspaceLimits.warehouseStart.",
        null);
  }

  /** The statement ran for too long and was cancelled. */
  static ExportException timedOut(Subject subject) {
    return ExportException.permanent(
        "statement-timed-out",
        subject.doing()
            + ": it took longer than MergeLimits.statementTimeout allows and was cancelled; use a"
            + " larger warehouse than "
            + subject.warehouse()
            + ", or raise the setting.",
        null);
  }
}
