// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

/** There is no snapshot to read a chunk under yet; the chunk's turn comes again. */
final class SnapshotNotReadyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SnapshotNotReadyException() {
    super("no shared snapshot yet", null, false, false);
  }
}
