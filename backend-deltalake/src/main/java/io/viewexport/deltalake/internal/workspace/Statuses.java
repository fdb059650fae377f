// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.viewexport.deltalake.internal.workspace.WorkspaceException.Effect;

/** What the status of an answer says of the request. */
final class Statuses {
  static final int UNAUTHORIZED = 401;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_FAILURES = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int UNAVAILABLE = 503;

  private Statuses() {}

  /** Of a refusal, 400 and above. */
  static Effect effect(int status) {
    boolean unknown =
        status == REQUEST_TIMEOUT
            || (status >= SERVER_FAILURES && status != NOT_IMPLEMENTED && status != UNAVAILABLE);
    return unknown ? Effect.UNKNOWN : Effect.NONE;
  }

  /** Whether the same request may succeed a little later. */
  static boolean isPassing(int status) {
    return status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || isServerFailure(status);
  }

  /** Whether it tells of a server that does not do its work. */
  static boolean isServerFailure(int status) {
    return status >= SERVER_FAILURES && status != NOT_IMPLEMENTED;
  }
}
