// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.core.store.JobStoreException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Brings the store's schema to this library's version. Many servers may do so at once, of several
 * versions: a newer schema is used as it is while it says that this version can.
 */
final class SchemaMigration {
  /** In order; the place in the list, from 1, is the version. */
  private static final List<String> STEPS =
      List.of("V001__jobs", "V002__cluster", "V003__snapshots");

  private SchemaMigration() {}

  static void run(Database database) {
    boolean current = database.read(handle -> isCurrent(handle, database.sql()));
    while (!current) {
      current = database.transact(handle -> step(handle, database.sql()));
    }
  }

  private static boolean isCurrent(Handle handle, SqlFiles sql) {
    boolean exists =
        handle
            .createQuery("SELECT to_regclass(:name) IS NOT NULL")
            .bind("name", sql.quotedSchema() + ".schema_version")
            .mapTo(Boolean.class)
            .one();
    return exists && installed(handle, sql) >= STEPS.size();
  }

  /**
   * Takes the next step, and says whether it was the last. Each is a transaction of its own: two
   * may need tables that the statements of servers at work lock in the other order.
   */
  private static boolean step(Handle handle, SqlFiles sql) {
    handle
        .createQuery("SELECT pg_advisory_xact_lock(hashtext('viewexport.schema'))")
        .mapTo(String.class)
        .list();
    if (isCurrent(handle, sql)) {
      return true;
    }
    createVersions(handle, sql);
    int version = installed(handle, sql) + 1;
    if (version > STEPS.size()) {
      return true;
    }
    handle.createScript(sql.migration(STEPS.get(version - 1))).execute();
    handle.createUpdate(sql.statement("insert-version")).bind("version", version).execute();
    return version >= STEPS.size();
  }

  private static void createVersions(Handle handle, SqlFiles sql) {
    boolean schemaExists =
        handle
            .createQuery("SELECT to_regnamespace(:name) IS NOT NULL")
            .bind("name", sql.quotedSchema())
            .mapTo(Boolean.class)
            .one();
    if (!schemaExists) {
      handle.createScript(sql.migration("create-schema")).execute();
    }
    handle.createScript(sql.migration("create-versions")).execute();
  }

  private static int installed(Handle handle, SqlFiles sql) {
    Versions found =
        handle
            .createQuery(sql.statement("find-version"))
            .map((row, context) -> new Versions(row.getInt(1), row.getInt(2)))
            .one();
    if (found.oldestUser() > STEPS.size()) {
      throw new JobStoreException(
          "The job store's schema is of version "
              + found.installed()
              + ", too new for this library: update it.",
          null);
    }
    return found.installed();
  }

  /**
   * What the schema says of itself.
   *
   * @param installed its version
   * @param oldestUser the oldest version of the library that can use it
   */
  private record Versions(int installed, int oldestUser) {}
}
