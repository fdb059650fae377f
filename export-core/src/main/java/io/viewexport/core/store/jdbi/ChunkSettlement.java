// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.jdbi.PlainStatement.Values;
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
    Values values =
        new Values()
            .text("job", job.value())
            .array("views", "int4", of(chunks, chunk -> chunk.lease().task().view()))
            .array("chunks", "int4", of(chunks, chunk -> chunk.lease().task().chunk()))
            .array("tokens", "int4", of(chunks, chunk -> chunk.lease().token()))
            .array("workers", "text", of(chunks, chunk -> chunk.lease().worker()))
            .array("receipts", "text", of(chunks, chunk -> chunk.receipt().payload()))
            .array("rows", "int8", of(chunks, chunk -> chunk.receipt().rowCount()))
            .array("bytes", "int8", of(chunks, chunk -> chunk.receipt().byteCount()));
    return new HashSet<>(database.list("settle-chunks", values, row -> row.getInt("number")));
  }

  private static Object[] of(List<Done> chunks, Function<Done, Object> part) {
    return chunks.stream().map(part).toArray();
  }
}
