// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import io.viewexport.deltalake.oracle.SparkError;

/** Ends a statement as failed. */
final class StatementFailure extends RuntimeException {
  private final transient SparkError error;

  StatementFailure(SparkError error) {
    super(error.message());
    this.error = error;
  }

  SparkError error() {
    return error;
  }
}
