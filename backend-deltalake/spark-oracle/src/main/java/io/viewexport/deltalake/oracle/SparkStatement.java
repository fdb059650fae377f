// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.util.concurrent.CompletableFuture;

/** A statement that Spark runs, beside others. */
public final class SparkStatement {
  private final CompletableFuture<SqlResult> result;
  private final Runnable cancel;

  SparkStatement(CompletableFuture<SqlResult> result, Runnable cancel) {
    this.result = result;
    this.cancel = cancel;
  }

  /** Done with its result, or with a {@link SparkOracleException}. */
  public CompletableFuture<SqlResult> result() {
    return result;
  }

  /**
   * Asks Spark to stop it, which may come too late: then it succeeds. Where it stops, it fails. Any
   * number of times.
   */
  public void cancel() {
    cancel.run();
  }
}
