// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.core.store.Lease;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The usual step: chunks are done while others of their job are open and the job runs, so that no
 * gate can open. What this server has to say of one job at the same time goes in one statement: the
 * job's row is locked once for all of it.
 */
final class ChunkSettlement {
  private final Database database;
  private final JointCalls<JobId, Done, Boolean> calls = new JointCalls<>(this::settle);

  ChunkSettlement(Database database) {
    this.database = database;
  }

  /** A chunk that is done. */
  private record Done(Lease lease, ChunkReceipt receipt) {}

  /** Whether that was all there was to do; otherwise nothing was done. */
  boolean settle(Lease lease, ChunkReceipt receipt) {
    return calls.ask(lease.task().job(), new Done(lease, receipt));
  }

  /** Those that can't go together, as their job is nearly through, are tried one by one. */
  private List<Boolean> settle(JobId job, List<Done> chunks) {
    Set<Integer> settled = run(job, chunks);
    List<Boolean> answers = new ArrayList<>();
    for (int place = 1; place <= chunks.size(); place++) {
      Done chunk = chunks.get(place - 1);
      boolean alone = chunks.size() > 1 && !settled.contains(place);
      answers.add(alone ? !run(job, List.of(chunk)).isEmpty() : settled.contains(place));
    }
    return answers;
  }

  /** Gives the places, from 1, of those that were settled. */
  private Set<Integer> run(JobId job, List<Done> chunks) {
    return database.read(
        handle ->
            new HashSet<>(
                database
                    .query(handle, "settle-chunks")
                    .bind("job", job.value())
                    .bindArray("views", Integer.class, of(chunks, one -> one.lease().task().view()))
                    .bindArray(
                        "chunks", Integer.class, of(chunks, one -> one.lease().task().chunk()))
                    .bindArray("tokens", Integer.class, of(chunks, one -> one.lease().token()))
                    .bindArray("workers", String.class, of(chunks, one -> one.lease().worker()))
                    .bindArray("receipts", String.class, of(chunks, one -> one.receipt().payload()))
                    .bindArray("rows", Long.class, of(chunks, one -> one.receipt().rowCount()))
                    .bindArray("bytes", Long.class, of(chunks, one -> one.receipt().byteCount()))
                    .mapTo(Integer.class)
                    .list()));
  }

  private static <T> List<T> of(List<Done> chunks, Function<Done, T> part) {
    return chunks.stream().map(part).toList();
  }
}
