// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.deltalake.testing.workspace.Fault;
import io.viewexport.deltalake.testing.workspace.Fault.Moment;
import io.viewexport.deltalake.testing.workspace.Fault.Silence;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where pods that export to a workspace are killed, in the order in which a job passes by. */
enum ManagedStep {
  /** Tasks are claimed; none of them has begun. */
  CLAIMED(Point.CLAIMED),
  /** The statement that adds columns runs; nobody knows its id. */
  COLUMNS_SUBMITTED("POST", ".*/sql/statements", 0, Moment.AFTER_EFFECT),
  /** A staging table is about to be registered. */
  REGISTERING("POST", ".*/unity-catalog/tables", 0, Moment.BEFORE_EFFECT),
  /** A staging table is registered; nobody knows of it. */
  REGISTERED("POST", ".*/unity-catalog/tables", 1, Moment.AFTER_EFFECT),
  /** Credentials were vended, and nothing is written by them. */
  VENDED("POST", ".*/temporary-table-credentials", 0, Moment.AFTER_EFFECT),
  /** A chunk's first row was handed to the backend. */
  IN_CHUNK(Point.IN_CHUNK),
  /** A chunk is in its staging table; the store does not know. */
  CHUNK_COMMITTED(Point.CHUNK_COMMITTED),
  /** A finalize task has begun. */
  BEFORE_MERGE(Point.BEFORE_MERGE),
  /** The statement that checks the keys runs; nobody knows its id. */
  CHECKS_SUBMITTED("POST", ".*/sql/statements", 1, Moment.AFTER_EFFECT),
  /** A call of finalize has ended; the store does not know. */
  FINALIZE_CALLED(Point.MERGED),
  /** The checkpoint that says that a merge is about to be submitted is not saved. */
  BEFORE_SUBMITTING(Point.MERGE_WRITTEN),
  /** The merge is about to be submitted. */
  MERGE_SUBMITTING("POST", ".*/sql/statements", 2, Moment.BEFORE_EFFECT),
  /** The merge runs; nobody knows its id. */
  MERGE_SUBMITTED("POST", ".*/sql/statements", 2, Moment.AFTER_EFFECT),
  /** The transaction that tells the store how far the merge is is about to be committed. */
  TELLING_STORE(Point.TELLING_STORE),
  /** The store knows how far the merge is; the pod has not heard that it does. */
  STORE_TOLD(Point.STORE_TOLD),
  /** A clean-up has begun. */
  BEFORE_CLEANUP(Point.BEFORE_CLEANUP),
  /** The first staging table is dropped, the others not. */
  TABLE_DROPPED("DELETE", ".*/unity-catalog/tables/.*", 0, Moment.AFTER_EFFECT),
  /** A clean-up is done; the store does not know. */
  CLEANED_UP(Point.CLEANED_UP);

  private final @Nullable Point point;
  private final String method;
  private final String path;
  private final int skip;
  private final Moment moment;

  ManagedStep(Point point) {
    this.point = point;
    this.method = "";
    this.path = "";
    this.skip = 0;
    this.moment = Moment.BEFORE_EFFECT;
  }

  ManagedStep(String method, String path, int skip, Moment moment) {
    this.point = null;
    this.method = method;
    this.path = path;
    this.skip = skip;
    this.moment = moment;
  }

  /** The point of a pod's own; empty where a call to the workspace gets no answer. */
  Optional<Point> point() {
    return Optional.ofNullable(point);
  }

  /** The call that gets no answer. */
  Optional<Fault> stall() {
    return point == null
        ? Optional.of(Fault.silent(method, path, moment, Silence.STALL).after(skip))
        : Optional.empty();
  }
}
