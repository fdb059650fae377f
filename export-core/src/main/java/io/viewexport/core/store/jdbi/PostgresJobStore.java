// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.QueueStats;
import io.viewexport.core.store.StoredJob;
import io.viewexport.core.store.UnservedJobs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/**
 * Keeps jobs in PostgreSQL (13 or newer), in a schema of its own that it creates and migrates when
 * it is opened. Many servers may share one schema and start at the same time.
 *
 * <p>Each call borrows one connection, for one short transaction or a few. The pool's autocommit,
 * isolation and read-only settings do not matter; connections go back with them. The caller closes
 * the data source.
 */
public final class PostgresJobStore implements JobStore {
  private final Database database;
  private final TaskClaims claims;
  private final Settlement settlement;
  private final LeaseRenewal renewal;
  private final JobQueries queries;
  private final AttemptQueries attempts;
  private final ClusterQueries cluster;
  private final LoadedJobs loaded;

  private PostgresJobStore(Database database) {
    this.database = database;
    this.claims = new TaskClaims(database);
    this.settlement = new Settlement(database);
    this.renewal = new LeaseRenewal(database);
    this.queries = new JobQueries(database);
    this.attempts = new AttemptQueries(database);
    this.cluster = new ClusterQueries(database);
    this.loaded = new LoadedJobs(database, attempts);
  }

  /**
   * Opens the store in the schema {@code viewexport}, which is created or migrated where needed.
   *
   * @throws JobStoreException where it can't be reached or its role may not create the schema
   */
  public static PostgresJobStore open(DataSource dataSource) {
    return open(dataSource, SqlFiles.DEFAULT_SCHEMA);
  }

  /**
   * Opens the store in a schema of this name, which is created or migrated where needed.
   *
   * @param schema lower-case letters, digits and underscores, no digit first; at most 63
   * @throws JobStoreException where it can't be reached or its role may not create the schema
   */
  public static PostgresJobStore open(DataSource dataSource, String schema) {
    Database database = new Database(dataSource, new SqlFiles(schema));
    SchemaMigration.run(database);
    return new PostgresJobStore(database);
  }

  @Override
  public JobId create(NewJob job) {
    Optional<JobId> known = Optional.empty();
    while (known.isEmpty()) {
      boolean stored = database.transact(handle -> insert(handle, job));
      known = stored ? Optional.of(job.id()) : database.read(handle -> same(handle, job));
    }
    return known.get();
  }

  private boolean insert(Handle handle, NewJob job) {
    ExportRequest request = job.request();
    TaskType stage = job.plan().isPresent() ? TaskType.SETUP : TaskType.PLAN;
    int stored =
        database
            .update(handle, "insert-job")
            .bind("id", job.id().value())
            .bind("kind", request.kind())
            .bind("principal", request.principal().orElse(null))
            .bind("idempotencyKey", request.idempotencyKey().orElse(null))
            .bind("clientTrackingId", request.clientTrackingId().orElse(null))
            .bind("request", RequestJson.write(request))
            .bind("snapshotMode", request.snapshotMode().name())
            .bind("stage", stage.name())
            .bind("admitted", !job.heldBack())
            .execute();
    if (stored == 0) {
      return false;
    }
    if (job.plan().isPresent()) {
      PlannedTasks.insert(database, handle, job.id(), request.kind(), job.plan().get());
    } else {
      PlannedTasks.insertPlanning(database, handle, job.id(), request.kind());
    }
    if (!job.heldBack()) {
      database
          .update(handle, "release-tasks")
          .bind("job", job.id().value())
          .bind("type", stage.name())
          .execute();
    }
    return true;
  }

  /** Empty where the other job ended in between: then the new one is stored after all. */
  private Optional<JobId> same(Handle handle, NewJob job) {
    return database
        .query(handle, "find-same")
        .bind("id", job.id().value())
        .bind("idempotencyKey", job.request().idempotencyKey().orElse(null))
        .bind("principal", job.request().principal().orElse(null))
        .mapTo(String.class)
        .findOne()
        .map(JobId::new);
  }

  @Override
  public Optional<JobId> findUnfinished(Optional<String> principal, String idempotencyKey) {
    return database
        .read(
            handle ->
                database
                    .query(handle, "find-unfinished")
                    .bind("principal", principal.orElse(null))
                    .bind("idempotencyKey", idempotencyKey)
                    .mapTo(String.class)
                    .findOne())
        .map(JobId::new);
  }

  @Override
  public Optional<ExportJob> find(JobId id) {
    return queries.find(id);
  }

  @Override
  public List<ExportJob> list(JobFilter filter) {
    return queries.list(filter);
  }

  @Override
  public Optional<StoredJob> load(JobId id) {
    return loaded.load(id);
  }

  @Override
  public int admit(OptionalInt jobsPerPrincipal) {
    return cluster.admit(jobsPerPrincipal);
  }

  @Override
  public List<ClaimedTask> claim(ClaimRequest request) {
    return claims.claim(request);
  }

  @Override
  public Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
    return renewal.renew(leases, lease);
  }

  @Override
  public boolean saveCheckpoint(Lease lease, String checkpoint) {
    return database.read(
            handle ->
                Settlement.named(database.update(handle, "save-checkpoint"), lease.task())
                    .bind("token", lease.token())
                    .bind("worker", lease.worker())
                    .bind("checkpoint", checkpoint)
                    .execute())
        == 1;
  }

  @Override
  public boolean settle(Lease lease, Decision decision) {
    return settlement.settle(lease, decision);
  }

  @Override
  public boolean update(JobId id, Decision decision) {
    return settlement.update(id, decision);
  }

  @Override
  public List<AcceptedReceipt> receipts(JobId id, int view) {
    return database.read(
        handle ->
            database
                .query(handle, "receipts")
                .bind("job", id.value())
                .bind("view", view)
                .map(
                    (row, context) ->
                        new AcceptedReceipt(
                            new ChunkId(id, view, row.getInt("chunk")),
                            row.getInt("token"),
                            row.getInt("snapshot_generation"),
                            new ChunkReceipt(
                                row.getString("receipt"),
                                row.getLong("row_count"),
                                row.getLong("byte_count"))))
                .list());
  }

  @Override
  public List<CancelContext.EndedView> endedViews(JobId id) {
    return attempts.endedViews(id);
  }

  @Override
  public int purge(Duration retention, int limit) {
    return database.read(
        handle ->
            database
                .update(handle, "purge")
                .bind("retentionMillis", retention.toMillis())
                .bind("limit", limit)
                .execute());
  }

  @Override
  public boolean takeDuty(String duty, String worker, Duration lease) {
    return cluster.takeDuty(duty, worker, lease);
  }

  @Override
  public void announce(String worker, Set<String> kinds, Duration validFor) {
    cluster.announce(worker, kinds, validFor);
  }

  @Override
  public UnservedJobs unserved() {
    return cluster.unserved();
  }

  @Override
  public QueueStats stats() {
    return cluster.stats();
  }

  @Override
  public void close() {}
}
