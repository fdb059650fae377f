// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says in one line what a database's refusal means; by its code, never by its text. */
final class DatabaseFailures {

  private DatabaseFailures() {}

  /**
   * The failure as the user is told it.
   *
   * @param doing what was being done, such as {@code The resources were not loaded}
   */
  static QuickstartException translate(String doing, SQLException failure) {
    String state = Optional.ofNullable(failure.getSQLState()).orElse("");
    String network = reason(failure);
    String why = network.isEmpty() ? meaning(state) : network;
    return new QuickstartException(doing + ": " + why, failure);
  }

  private static String reason(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return "there is no such host; check the host name in --jdbc.";
      }
      if (cause instanceof ConnectException
          || cause instanceof NoRouteToHostException
          || cause instanceof SocketTimeoutException) {
        return "nothing answers there; check host and port in --jdbc, and that the server runs.";
      }
    }
    return "";
  }

  private static String meaning(String state) {
    return switch (state) {
      case "28P01", "28000" -> "user or password is not accepted; check both.";
      case "08001", "08004", "08006" ->
          "the connection was not made or broke; check --jdbc and the server.";
      case "3D000" -> "there is no such database; check its name in --jdbc.";
      case "53300" -> "the server has no connections left; try fewer --chunks.";
      case "42501" -> "the user lacks a permission; grant it or use another user.";
      case "42601" -> "there is a syntax error in the SQL; correct it.";
      case "42P01" -> "a table or view is missing; check the names.";
      case "42703" -> "a column is missing; check the names.";
      case "42883" -> "a function or operator is missing; check names and types.";
      case "42P07" ->
          "something of that name is there already; write \"create or replace\", or drop it before.";
      case "42P16", "42809" ->
          "a table or view of that name has another form; drop or rename it before.";
      case "53100" -> "the server's disk is full; make room.";
      case "25006" -> "the database is read-only; use the primary server.";
      default -> "the database refused it (SQLSTATE " + (state.isEmpty() ? "none" : state) + ").";
    };
  }
}
