// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Translates what PostgreSQL and its driver report into failures of the library's own, by SQLSTATE
 * alone: a server's text can hold row values.
 */
final class PostgresFailures {
  private static final Rule UNKNOWN =
      retryable("source-failed", "The database failed while reading %s; see the server's log.");

  /** By whole SQLSTATE first, then by its class (the first two characters). */
  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          Map.entry(
              "08",
              retryable(
                  "source-unreachable",
                  "The database could not be reached, or the connection broke, while reading %s;"
                      + " check host, port and network.")),
          Map.entry(
              "28",
              permanent(
                  "source-login-refused",
                  "The database refused the login for reading %s; check user and password, and"
                      + " the server's pg_hba.conf.")),
          Map.entry(
              "3D",
              permanent(
                  "source-database-missing",
                  "The database to read %s from does not exist; check the connection's URL.")),
          Map.entry(
              "3F",
              permanent("view-gone", "The schema of %s, or one that it reads, does not exist.")),
          Map.entry("42", view("a definition in it does not fit; correct the view")),
          Map.entry(
              "42501",
              permanent(
                  "view-not-readable",
                  "The database user may not read %s, or something that it reads; grant USAGE on"
                      + " the schema and SELECT on the view.")),
          Map.entry(
              "42P01",
              permanent("view-gone", "%s, or a relation that it reads, does not exist any more.")),
          Map.entry(
              "42703",
              permanent(
                  "view-changed",
                  "%s has lost a column since the export was planned; start a new export.")),
          Map.entry("22", view("a value could not be computed; correct the view")),
          Map.entry("22001", view("a text is too long for its type; correct the view")),
          Map.entry("22003", view("a number is out of its type's range; correct the view")),
          Map.entry("22007", view("a text is no valid date or time; correct the view")),
          Map.entry("22008", view("a date or time is out of range; correct the view")),
          Map.entry("22012", rowFailed("division by zero")),
          Map.entry("22021", view("a text holds bytes that are no characters; correct the data")),
          Map.entry("22P02", view("a text is no valid value of a type; correct the view")),
          Map.entry("22P05", view("a character has no counterpart in UTF-8; correct the data")),
          Map.entry("21", rowFailed("a sub-select gave more than one row")),
          Map.entry("23", view("a constraint was broken; correct the view")),
          Map.entry("0A", view("it asks for what the server can't do; correct the view")),
          Map.entry("2F", view("a function in it failed; correct the view")),
          Map.entry("38", view("a function in it failed; correct the view")),
          Map.entry("39", view("a function in it failed; correct the view")),
          Map.entry("P0", view("a function in it raised an error; correct the view")),
          Map.entry("54", view("it goes beyond a limit of the server; make it simpler")),
          Map.entry("25006", view("it writes; an export only reads")),
          Map.entry(
              "25",
              retryable("source-interrupted", "The server ended the transaction reading %s.")),
          Map.entry(
              "40",
              retryable(
                  "source-conflict",
                  "The reading of %s was broken off by a conflict in the database.")),
          Map.entry(
              "53",
              retryable(
                  "source-busy",
                  "The database lacks resources (memory, disk, connections) to read %s.")),
          Map.entry(
              "53300",
              retryable(
                  "source-busy",
                  "The database has no connection left to read %s; raise max_connections or run"
                      + " fewer chunks at once.")),
          Map.entry(
              "55",
              retryable(
                  "view-not-ready",
                  "%s can't be read now; a materialised view must have been refreshed once.")),
          Map.entry(
              "55P03",
              retryable(
                  "view-locked", "%s is locked by another session for longer than we may wait.")),
          Map.entry(
              "57",
              retryable(
                  "source-interrupted", "The server broke off the reading of %s, or restarts.")),
          Map.entry(
              "57014",
              retryable(
                  "source-cancelled",
                  "The reading of %s was cancelled by a time-out or an administrator.")),
          Map.entry(
              "58", retryable("source-failed", "The server failed to read its storage (%s).")),
          Map.entry(
              "72", retryable("source-interrupted", "The server gave up the snapshot reading %s.")),
          Map.entry(
              "HV", retryable("source-failed", "A foreign server behind %s did not answer right.")),
          Map.entry("XX", retryable("source-failed", "The server failed internally on %s.")),
          Map.entry("XX001", corrupt()),
          Map.entry("XX002", corrupt()));

  private PostgresFailures() {}

  /**
   * The failure for what was thrown while working on something.
   *
   * @param subject what is being read, in words of the request: {@code View sof.patient}
   */
  static ExportException translate(SQLException thrown, String subject) {
    String state = sqlState(thrown);
    Rule rule = rule(state);
    String text = rule.text.formatted(subject);
    String message = state == null ? text : text + " (SQLSTATE " + state + ")";
    return rule.kind == FailureKind.PERMANENT
        ? ExportException.permanent(rule.code, message, thrown)
        : ExportException.retryable(rule.code, message, thrown);
  }

  /**
   * The SQLSTATE of an exception or, where a pool wrapped it, of what it was wrapped around; absent
   * where nobody set one.
   */
  static @Nullable String sqlState(SQLException thrown) {
    Throwable current = thrown;
    for (int depth = 0; current != null && depth < 10; depth++) {
      if (current instanceof SQLException sql
          && sql.getSQLState() != null
          && sql.getSQLState().matches("[0-9A-Z]{5}")) {
        return sql.getSQLState();
      }
      current = current.getCause();
    }
    return null;
  }

  private static Rule rule(@Nullable String state) {
    if (state == null) {
      return UNKNOWN;
    }
    Rule exact = RULES.get(state);
    return exact != null ? exact : RULES.getOrDefault(state.substring(0, 2), UNKNOWN);
  }

  private static Rule view(String reason) {
    return permanent("view-failed", "%s failed: " + reason + ".");
  }

  private static Rule rowFailed(String reason) {
    return permanent("view-failed", "%s failed on a row: " + reason + "; correct the view.");
  }

  private static Rule corrupt() {
    return permanent("source-corrupt", "The server found its storage behind %s corrupted.");
  }

  private static Rule permanent(String code, String text) {
    return new Rule(FailureKind.PERMANENT, code, text);
  }

  private static Rule retryable(String code, String text) {
    return new Rule(FailureKind.RETRYABLE, code, text);
  }

  /** What a SQLSTATE means to an export; {@code text} has one {@code %s} for the subject. */
  private record Rule(FailureKind kind, String code, String text) {}
}
