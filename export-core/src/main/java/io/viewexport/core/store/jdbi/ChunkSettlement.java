// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.core.state.ChunkOrigin;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.jdbi.PlainStatement.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The usual step: chunks are done while others of their job are open and the job runs, so that no
 * gate can open. What this server has to say at the same time goes in one statement, which locks
 * each job's row once. Jobs are told apart into a few lanes, so that a job whose row another server
 * holds does not hold up all others.
 */
final class ChunkSettlement {
  private static final int LANES = 2;

  private final Database database;
  private final JointCalls<Integer, Done, Boolean> lanes = new JointCalls<>(this::settle);

  ChunkSettlement(Database database) {
    this.database = database;
  }

  /** A chunk that is done. */
  private record Done(Lease lease, ChunkReceipt receipt, ChunkOrigin origin) {}

  /** Whether that was all there was to do; otherwise nothing was done. */
  boolean settle(Lease lease, ChunkReceipt receipt, ChunkOrigin origin) {
    int lane = Math.floorMod(lease.task().job().hashCode(), LANES);
    return lanes.ask(lane, new Done(lease, receipt, origin));
  }

  /** Those that can't go together, as their job is nearly through, are tried one by one. */
  private List<Boolean> settle(int lane, List<Done> chunks) {
    Set<Integer> settled = run(chunks);
    List<Boolean> answers = new ArrayList<>();
    for (int place = 1; place <= chunks.size(); place++) {
      Done chunk = chunks.get(place - 1);
      boolean alone = chunks.size() > 1 && !settled.contains(place);
      answers.add(alone ? !run(List.of(chunk)).isEmpty() : settled.contains(place));
    }
    return answers;
  }

  /** Gives the places, from 1, of those that were settled. */
  private Set<Integer> run(List<Done> chunks) {
    Values values =
        new Values()
            .array("jobs", "text", of(chunks, chunk -> chunk.lease().task().job().value()))
            .array("views", "int4", of(chunks, chunk -> chunk.lease().task().view()))
            .array("chunks", "int4", of(chunks, chunk -> chunk.lease().task().chunk()))
            .array("tokens", "int4", of(chunks, chunk -> chunk.lease().token()))
            .array("workers", "text", of(chunks, chunk -> chunk.lease().worker()))
            .array("receipts", "text", of(chunks, chunk -> chunk.receipt().payload()))
            .array("rows", "int8", of(chunks, chunk -> chunk.receipt().rowCount()))
            .array("bytes", "int8", of(chunks, chunk -> chunk.receipt().byteCount()))
            .array("generations", "int4", of(chunks, chunk -> chunk.origin().snapshotGeneration()))
            .array("nextSinces", "text", of(chunks, chunk -> StoredJson.nextSince(chunk.origin())))
            .array("withheld", "text", of(chunks, chunk -> StoredJson.withheld(chunk.origin())));
    return new HashSet<>(database.list("settle-chunks", values, row -> row.getInt("number")));
  }

  private static @Nullable Object[] of(
      List<Done> chunks, Function<Done, ? extends @Nullable Object> part) {
    return chunks.stream().map(part).toArray();
  }
}
