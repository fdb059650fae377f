// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.core.store.JobStoreException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what PostgreSQL says into the store's own words, by SQLSTATE alone. */
final class PostgresStoreFailures {
  /** A deadlock, a serialization failure: the transaction was undone and can be made again. */
  private static final Set<String> UNDONE = Set.of("40P01", "40001");

  private PostgresStoreFailures() {}

  /** Whether nothing was done and the same call may succeed at once. */
  static boolean mayRunAgain(Throwable thrown) {
    return UNDONE.contains(state(thrown));
  }

  /** Whether the server takes no changes, as one does that another has taken over from. */
  static boolean isReadOnly(Throwable thrown) {
    return state(thrown).equals("25006");
  }

  /** The failure in the store's own words; the cause is kept for the debugger. */
  static JobStoreException translate(Throwable thrown) {
    String state = state(thrown);
    SQLException sql = find(thrown);
    Throwable cause = Objects.requireNonNullElse(sql, thrown);
    return new JobStoreException("The job store " + reason(state) + codes(state), cause);
  }

  private static String codes(String state) {
    return state.isEmpty() ? "." : " (SQLSTATE " + state + ").";
  }

  private static String reason(String state) {
    if (state.isEmpty()) {
      return "can't be reached: check that its database runs, and that its pool has connections to"
          + " spare: the store holds one for good";
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return "can't be reached: check that its database runs and takes connections";
    }
    return switch (state) {
      case "28P01", "28000" -> "refuses the login: check its user and password";
      case "3D000" -> "has no such database: check the JDBC address";
      case "42501" -> "lacks a privilege: grant its role the use of its schema and tables";
      case "3F000", "42P01", "42703" ->
          "lacks its schema or a part of it: open it again to create what is missing";
      case "25006" -> "is read-only: point it to the primary server";
      case "53100" -> "has no disk space left: free some";
      case "53300" -> "has too many connections: lower the pool size or raise max_connections";
      case "57014", "55P03" -> "ran into a time-out of its role or pool: raise that";
      case "40P01", "40001" -> "is too contended: several tries were undone";
      default -> "refused a statement";
    };
  }

  private static String state(Throwable thrown) {
    SQLException sql = find(thrown);
    return sql == null ? "" : Objects.requireNonNullElse(sql.getSQLState(), "");
  }

  private static @Nullable SQLException find(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
