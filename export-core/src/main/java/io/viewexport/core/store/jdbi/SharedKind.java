// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

/**
 * The kind by which chunks that need a shared snapshot stand in the queue: one of their own, since
 * a server of a version that knows no such snapshots would claim them by their job's and read them
 * under whatever it sees.
 */
final class SharedKind {
  private static final String MARK = "/shared";

  private SharedKind() {}

  /** The kind in the queue; a backend's kind holds no slash. */
  static String of(String kind) {
    return kind + MARK;
  }

  static boolean is(String queued) {
    return queued.endsWith(MARK);
  }

  /** The backend's kind. */
  static String backendKind(String queued) {
    return is(queued) ? queued.substring(0, queued.length() - MARK.length()) : queued;
  }
}
