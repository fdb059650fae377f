// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import org.jspecify.annotations.Nullable;

/** What Spark refused to do, in Spark's own words, or that it is gone. */
public final class SparkOracleException extends RuntimeException {

  SparkOracleException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
