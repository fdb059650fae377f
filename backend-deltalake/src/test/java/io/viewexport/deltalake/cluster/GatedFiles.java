// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.viewexport.deltalake.testing.FaultyFileIO;

/** Passes the gate in and after each commit to a target. */
final class GatedFiles extends FaultyFileIO {
  private static final String FIRST_COMMIT = "/_delta_log/00000000000000000000.json";

  private final Gate gate;

  GatedFiles(FileIO whole, Gate gate) {
    super(whole);
    this.gate = gate;
  }

  private static boolean isOfTarget(String path) {
    return path.contains("/_delta_log/") && !path.contains(".viewexport-staging/");
  }

  @Override
  protected void duringCommit(String path) {
    if (isOfTarget(path)) {
      gate.reach(path.endsWith(FIRST_COMMIT) ? Point.IN_FIRST_COMMIT : Point.IN_COMMIT);
    }
  }

  @Override
  protected void afterCommit(String path) {
    if (isOfTarget(path) && !path.endsWith(FIRST_COMMIT)) {
      gate.reach(Point.AFTER_COMMIT);
    }
  }
}
