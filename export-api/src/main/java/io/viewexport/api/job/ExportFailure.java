// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import java.util.Objects;

/**
 * Why a job failed.
 *
 * @param task which of its tasks, such as {@code chunk 3 of patient}
 * @param failures how many attempts at it failed
 * @param first why the first of them failed
 * @param last why the last of them failed; equal to {@code first} where there was one
 */
public record ExportFailure(String task, int failures, FailureCause first, FailureCause last) {

  /**
   * Checks that none is null.
   *
   * @param task which of its tasks, such as {@code chunk 3 of patient}
   * @param failures how many attempts at it failed
   * @param first why the first of them failed
   * @param last why the last of them failed
   */
  public ExportFailure {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(last, "last");
  }
}
