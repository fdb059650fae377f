// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import java.sql.Connection;
import java.sql.SQLException;

/** What a reading transaction sets for itself, so that nothing hangs on role, driver or pool. */
final class SourceSettings {
  private SourceSettings() {}

  static String of(Connection connection, PostgresSourceConfig config) throws SQLException {
    String transactionTimeout =
        connection.getMetaData().getDatabaseMajorVersion() >= 17
            ? "SET LOCAL transaction_timeout = 0;"
            : "";
    return "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
        + "SET LOCAL statement_timeout = 0;"
        + "SET LOCAL idle_in_transaction_session_timeout = 0;"
        + transactionTimeout
        + ("SET LOCAL lock_timeout = " + config.lockTimeout().toMillis() + ";")
        + ("SET LOCAL TimeZone = '" + config.timeZone().getId() + "';")
        + "SET LOCAL IntervalStyle = 'iso_8601';"
        + "SET LOCAL DateStyle = 'ISO';"
        + "SET LOCAL bytea_output = 'hex';"
        + "SET LOCAL extra_float_digits = 1";
  }
}
