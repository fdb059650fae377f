// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

/** Ends a call with a refusal. */
final class ApiException extends RuntimeException {
  private final transient ApiError error;

  ApiException(ApiError error) {
    super(error.toString());
    this.error = error;
  }

  ApiError error() {
    return error;
  }
}
