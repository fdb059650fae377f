// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** Runs the store's statements; what was undone by a deadlock is run again. */
final class Database {
  private static final int TRIES = 8;

  private final Jdbi jdbi;
  private final SqlFiles sql;

  Database(DataSource dataSource, SqlFiles sql) {
    this.jdbi = Jdbi.create(new PlainConnections(dataSource));
    this.sql = sql;
  }

  SqlFiles sql() {
    return sql;
  }

  Query query(Handle handle, String statement) {
    return handle.createQuery(sql.statement(statement));
  }

  Update update(Handle handle, String statement) {
    return handle.createUpdate(sql.statement(statement));
  }

  /** Work whose every statement is a transaction of its own. */
  <T> T read(Function<Handle, T> work) {
    return again(() -> jdbi.withHandle(work::apply));
  }

  /** Work that is one transaction. */
  <T> T transact(Function<Handle, T> work) {
    return again(() -> jdbi.inTransaction(work::apply));
  }

  /** Work whose every statement sees the same state of the store, and that changes nothing. */
  <T> T snapshot(Function<Handle, T> work) {
    return again(() -> jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, work::apply));
  }

  private interface Work<T> {
    T run();
  }

  private static <T> T again(Work<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.run();
      } catch (JdbiException e) {
        if (tries == TRIES || !PostgresStoreFailures.mayRunAgain(e)) {
          throw PostgresStoreFailures.translate(e);
        }
      }
    }
  }
}
