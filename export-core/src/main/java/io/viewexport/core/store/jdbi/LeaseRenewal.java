// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.core.state.StopCause;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.TaskId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Prolongs leases, all of a worker's by one statement, on a connection of its own. */
final class LeaseRenewal implements AutoCloseable {
  /** A renewal that hangs ends so early that others of the same lease can follow. */
  private static final int TIMEOUTS_IN_A_LEASE = 4;

  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(250);

  private final Database database;
  private final RenewalConnection connection;

  LeaseRenewal(Database database) {
    this.database = database;
    this.connection = new RenewalConnection(database);
  }

  /** Makes sure that leases can be renewed; called before any is taken. */
  void prepare() {
    connection.take();
  }

  @Override
  public void close() {
    connection.close();
  }

  /** The place of a lease in the list, from 1, and whether its job goes on. */
  private record Renewed(int number, StopCause stop) {}

  Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
    Map<Lease, LeaseStatus> found = new LinkedHashMap<>();
    leases.forEach(progress -> found.put(progress.lease(), LeaseStatus.LOST));
    if (leases.isEmpty()) {
      return found;
    }
    for (Renewed renewed : connection.use(timeout(lease), handle -> renew(handle, leases, lease))) {
      LeaseStatus status =
          renewed.stop() == StopCause.NONE ? LeaseStatus.HELD : LeaseStatus.JOB_ENDING;
      found.put(leases.get(renewed.number() - 1).lease(), status);
    }
    return found;
  }

  private static Duration timeout(Duration lease) {
    Duration timeout = lease.dividedBy(TIMEOUTS_IN_A_LEASE);
    return timeout.compareTo(SHORTEST_TIMEOUT) < 0 ? SHORTEST_TIMEOUT : timeout;
  }

  private List<Renewed> renew(Handle handle, List<LeaseProgress> leases, Duration lease) {
    return database
        .query(handle, "renew")
        .bindArray("jobs", String.class, tasks(leases, id -> id.job().value()))
        .bindArray("types", String.class, tasks(leases, id -> id.type().name()))
        .bindArray("views", Integer.class, tasks(leases, TaskId::view))
        .bindArray("chunks", Integer.class, tasks(leases, TaskId::chunk))
        .bindArray("tokens", Integer.class, of(leases, progress -> progress.lease().token()))
        .bindArray("workers", String.class, of(leases, progress -> progress.lease().worker()))
        .bindArray("rows", Long.class, of(leases, LeaseProgress::rowCount))
        .bindArray("bytes", Long.class, of(leases, LeaseProgress::byteCount))
        .bind("leaseMillis", lease.toMillis())
        .map(
            (row, context) ->
                new Renewed(row.getInt("number"), StopCause.valueOf(row.getString("stop"))))
        .list();
  }

  private static <T> List<T> tasks(List<LeaseProgress> leases, Function<TaskId, T> part) {
    return of(leases, progress -> part.apply(progress.lease().task()));
  }

  private static <T> List<T> of(List<LeaseProgress> leases, Function<LeaseProgress, T> part) {
    return leases.stream().map(part).toList();
  }
}
