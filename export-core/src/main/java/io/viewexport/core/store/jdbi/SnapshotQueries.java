// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.job.JobId;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.core.store.HeldSnapshot;
import io.viewexport.core.store.SnapshotState;
import io.viewexport.core.store.SnapshotStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * The shared snapshots of jobs. Whatever changes tasks locks the job's row first, as everywhere.
 */
final class SnapshotQueries implements SnapshotStore {
  private final Database database;

  SnapshotQueries(Database database) {
    this.database = database;
  }

  @Override
  public Optional<SnapshotState> find(JobId id) {
    return database.read(
        handle ->
            database
                .query(handle, "find-snapshot")
                .bind("job", id.value())
                .map((row, context) -> state(row))
                .findOne());
  }

  private static SnapshotState state(ResultSet row) throws SQLException {
    Optional<String> name = Optional.ofNullable(row.getString("name"));
    String nextSinces = row.getString("next_sinces");
    return new SnapshotState(
        SnapshotMode.valueOf(row.getString("snapshot_mode")),
        row.getInt("snapshot_generation"),
        name.map(held -> new HeldSnapshot(held, StoredJson.nextSinces(nextSinces))));
  }

  @Override
  public Optional<Integer> open(JobId id, HeldSnapshot snapshot, String worker, Duration lease) {
    return database.transact(
        handle -> {
          database
              .query(handle, "lock-job")
              .bind("job", id.value())
              .map((row, context) -> row.getString("id"))
              .list();
          Optional<Integer> generation =
              database
                  .query(handle, "open-snapshot")
                  .bind("job", id.value())
                  .bind("name", snapshot.name())
                  .bind("nextSinceJson", StoredJson.write(snapshot.nextSinces()))
                  .bind("worker", worker)
                  .bind("leaseMillis", lease.toMillis())
                  .mapTo(Integer.class)
                  .findOne();
          generation.ifPresent(
              opened -> database.update(handle, "void-receipts").bind("job", id.value()).execute());
          return generation;
        });
  }

  @Override
  public Optional<Duration> renew(JobId id, int generation, String worker, Duration lease) {
    return database.read(
        handle ->
            database
                .query(handle, "renew-snapshot")
                .bind("job", id.value())
                .bind("generation", generation)
                .bind("worker", worker)
                .bind("leaseMillis", lease.toMillis())
                .mapTo(Double.class)
                .findOne()
                .map(millis -> Duration.ofMillis(millis.longValue())));
  }

  @Override
  public void end(JobId id, int generation) {
    update("end-snapshot", id, generation);
  }

  @Override
  public void fallBack(JobId id, int generation) {
    update("fall-back", id, generation);
  }

  private void update(String statement, JobId id, int generation) {
    database.read(
        handle ->
            database
                .update(handle, statement)
                .bind("job", id.value())
                .bind("generation", generation)
                .execute());
  }
}
