// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
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
import io.viewexport.core.store.SnapshotStore;
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
 * <p>Each call borrows one connection, for one short transaction or a few. From the first claim
 * until {@link #close} one more is kept for the renewal of leases, so that a pool with none to
 * spare can't end them: the pool needs two at least, and one that reports or takes back what is
 * lent for long should make an exception, or {@link Builder#renewalSource} name another source. A
 * kept connection that breaks is replaced.
 *
 * <p>No answer is waited for longer than {@link Builder#callTimeout}: a connection whose server
 * vanished fails the call, and the next call gets another. The pool's own time-out, autocommit,
 * isolation and read-only settings do not matter; connections go back with them. The caller closes
 * the data sources.
 */
public final class PostgresJobStore implements JobStore {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

  /** For what goes through many rows: a migration, a purge. */
  private static final Duration LONG_CALL_TIMEOUT = Duration.ofMinutes(10);

  private final Database database;
  private final Database patientDatabase;
  private final TaskClaims claims;
  private final Settlement settlement;
  private final LeaseRenewal renewal;
  private final JobQueries queries;
  private final AttemptQueries attempts;
  private final ClusterQueries cluster;
  private final SnapshotQueries snapshots;

  private PostgresJobStore(Database database, Database patientDatabase, Database renewals) {
    this.database = database;
    this.patientDatabase = patientDatabase;
    this.claims = new TaskClaims(database);
    this.settlement = new Settlement(database);
    this.renewal = new LeaseRenewal(renewals);
    this.queries = new JobQueries(database);
    this.attempts = new AttemptQueries(database);
    this.cluster = new ClusterQueries(database);
    this.snapshots = new SnapshotQueries(database);
  }

  /**
   * Opens the store in the schema {@code viewexport}, which is created or migrated where needed.
   *
   * @throws JobStoreException where it can't be reached or its role may not create the schema
   */
  public static PostgresJobStore open(DataSource dataSource) {
    return builder(dataSource).open();
  }

  /**
   * Opens the store in a schema of this name, which is created or migrated where needed.
   *
   * @param schema lower-case letters, digits and underscores, no digit first; at most 63
   * @throws JobStoreException where it can't be reached or its role may not create the schema
   */
  public static PostgresJobStore open(DataSource dataSource, String schema) {
    return builder(dataSource).schema(schema).open();
  }

  /** Starts with the defaults for a store in this database. */
  public static Builder builder(DataSource dataSource) {
    return new Builder(dataSource);
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
      PlannedTasks.insert(database, handle, job.id(), request, job.plan().get());
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
    return database.transact(
        handle -> {
          List<ExportView> views = attempts.views(handle, id);
          return database
              .query(handle, "load-job")
              .bind("job", id.value())
              .map(
                  (row, context) ->
                      new StoredJob(
                          id,
                          RequestJson.read(row.getString("request")),
                          JobState.valueOf(row.getString("state")),
                          views))
              .findOne();
        });
  }

  @Override
  public int admit(OptionalInt jobsPerPrincipal) {
    return cluster.admit(jobsPerPrincipal);
  }

  @Override
  public List<ClaimedTask> claim(ClaimRequest request) {
    renewal.prepare();
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
    return patientDatabase.read(
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
  public SnapshotStore snapshots() {
    return snapshots;
  }

  @Override
  public void close() {
    renewal.close();
  }

  /** Collects how a store is opened; every setting has a default. */
  public static final class Builder {
    private final DataSource dataSource;
    private DataSource renewalSource;
    private String schema = SqlFiles.DEFAULT_SCHEMA;
    private Duration callTimeout = CALL_TIMEOUT;

    private Builder(DataSource dataSource) {
      this.dataSource = dataSource;
      this.renewalSource = dataSource;
    }

    /**
     * The store's schema; default {@code viewexport}.
     *
     * @param name lower-case letters, digits and underscores, no digit first; at most 63
     */
    public Builder schema(String name) {
      schema = name;
      return this;
    }

    /**
     * Where the connection for the renewal of leases comes from; default the store's own source.
     * One that is no pool gives a new connection at once when the old one breaks, however busy the
     * pool is then.
     */
    public Builder renewalSource(DataSource source) {
      renewalSource = source;
      return this;
    }

    /**
     * How long a call waits for one answer of the server before it fails, at least 1 ms; default 30
     * s. Renewals wait for a quarter of the lease, a migration and a purge for 10 minutes.
     */
    public Builder callTimeout(Duration timeout) {
      if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
        throw new IllegalArgumentException("callTimeout must be at least 1 ms: " + timeout);
      }
      callTimeout = timeout;
      return this;
    }

    /**
     * Opens the store; its schema is created or migrated where needed.
     *
     * @throws JobStoreException where it can't be reached or its role may not create the schema
     */
    public PostgresJobStore open() {
      SqlFiles sql = new SqlFiles(schema);
      Database patient = new Database(dataSource, sql, LONG_CALL_TIMEOUT);
      SchemaMigration.run(patient);
      return new PostgresJobStore(
          new Database(dataSource, sql, callTimeout),
          patient,
          new Database(renewalSource, sql, callTimeout));
    }
  }
}
