// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Spark refused to do, in Spark's own words, or that it is gone. */
public final class SparkOracleException extends RuntimeException {
  private final transient @Nullable SparkError error;

  SparkOracleException(String message, @Nullable Throwable cause) {
    this(message, cause, null);
  }

  SparkOracleException(String message, @Nullable Throwable cause, @Nullable SparkError error) {
    super(message, cause);
    this.error = error;
  }

  /** What Spark itself says of it; empty where it was not Spark that failed. */
  public Optional<SparkError> error() {
    return Optional.ofNullable(error);
  }

  /** The same with the stack of the caller, who did not see it thrown. */
  SparkOracleException here() {
    return new SparkOracleException(Objects.toString(getMessage()), getCause(), error);
  }
}
