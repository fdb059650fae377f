// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.deltalake.testing.TestClock;
import java.time.Instant;

/** A workspace with all that belongs to it, and a clock that stands still until told. */
final class WorkspaceLab implements AutoCloseable {
  static final String CLIENT = "the client";
  static final String SECRET = "its secret: %&ä";

  final TestClock clock = new TestClock(Instant.parse("2030-01-01T00:00:00Z"));
  final S3Server s3 = S3Server.start(clock);
  final WorkspaceSimulator workspace = WorkspaceSimulator.start(s3, SparkOracle.shared(), clock);

  WorkspaceLab() {
    workspace.tokens().addClient(CLIENT, SECRET);
  }

  /** Writes a Delta table with an id and a text column under a key, past the S3. */
  void writeTable(String key, String rows) {
    workspace.execute(
        "CREATE TABLE "
            + table(key)
            + " USING delta AS SELECT * FROM VALUES "
            + rows
            + " AS t (id, text)");
  }

  private String table(String key) {
    return SparkOracle.table(s3.folder().resolve(key));
  }

  @Override
  public void close() {
    workspace.close();
    s3.close();
  }
}
