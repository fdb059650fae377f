// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import java.util.regex.Pattern;

/**
 * One call of the workspace's API.
 *
 * @param path what the whole path has to match
 * @param access whether a token is asked for
 */
record Endpoint(String method, Pattern path, Access access, Handling handling) {

  /** Whether a token is asked for. */
  enum Access {
    OPEN,
    BEARER
  }

  /** Answers a call, or throws an {@link ApiException}. */
  @FunctionalInterface
  interface Handling {
    ApiAnswer answer(ApiRequest request);
  }

  static Endpoint open(String method, String path, Handling handling) {
    return new Endpoint(method, Pattern.compile(path), Access.OPEN, handling);
  }

  static Endpoint bearer(String method, String path, Handling handling) {
    return new Endpoint(method, Pattern.compile(path), Access.BEARER, handling);
  }
}
