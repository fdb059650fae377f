// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import java.util.Map;

/** Ends a request for a token, in OAuth's own words. */
final class OauthException extends RuntimeException {
  private final int status;
  private final String error;

  OauthException(int status, String error) {
    super(error);
    this.status = status;
    this.error = error;
  }

  ApiAnswer answer() {
    return new ApiAnswer(
        status,
        ApiRequest.JSON.createObjectNode().put("error", error).put("error_description", error),
        Map.of());
  }
}
