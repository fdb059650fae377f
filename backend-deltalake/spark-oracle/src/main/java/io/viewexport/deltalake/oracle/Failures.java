// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.util.List;
import java.util.Objects;
import org.apache.spark.SparkThrowable;

/** What the answer to a failed statement says of it. */
final class Failures {

  private Failures() {}

  /** The whole text, the class and SQLSTATE of the outermost that has them, and its own text. */
  static List<String> cells(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text.append("\ncaused by: ").append(cause);
    }
    Throwable named = named(failure);
    String errorClass = "";
    String sqlState = "";
    if (named instanceof SparkThrowable spark) {
      errorClass = Objects.toString(spark.getCondition(), "");
      sqlState = Objects.toString(spark.getSqlState(), "");
    }
    return List.of(text.toString(), errorClass, sqlState, Objects.toString(named.getMessage(), ""));
  }

  private static Throwable named(Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (one instanceof SparkThrowable spark && spark.getCondition() != null) {
        return one;
      }
    }
    return failure;
  }
}
