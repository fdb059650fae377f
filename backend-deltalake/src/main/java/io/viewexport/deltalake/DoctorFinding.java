// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import java.util.List;
import java.util.Objects;

/**
 * What one check of a {@link WorkspaceDoctor} found.
 *
 * @param check which check: lower-case words joined by hyphens, such as {@code target-modify}
 * @param status how it went
 * @param code the stable code of the failure, as exports have it; empty text where there is none
 * @param found what was found, in a sentence
 * @param advice what to do, in sentences; empty text where there is nothing, or {@code found} says
 *     it
 * @param sql the statements to run, complete, each without a semicolon; may be empty
 */
public record DoctorFinding(
    String check, Status status, String code, String found, String advice, List<String> sql) {

  /** How a check went. */
  public enum Status {
    /** All is well. */
    OK,
    /** Exports work, with a loss that the finding tells. */
    WARNED,
    /** Exports would fail. */
    FAILED,
    /** Not looked at, because of another one that failed. */
    SKIPPED
  }

  /** Copies the statements. */
  public DoctorFinding {
    Objects.requireNonNull(check, "check");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(found, "found");
    Objects.requireNonNull(advice, "advice");
    sql = List.copyOf(sql);
  }

  static DoctorFinding ok(DoctorCheck check, String found) {
    return new DoctorFinding(check.code(), Status.OK, "", found, "", List.of());
  }

  static DoctorFinding skipped(DoctorCheck check, String why) {
    return new DoctorFinding(check.code(), Status.SKIPPED, "", why, "", List.of());
  }

  static DoctorFinding failed(
      DoctorCheck check, String code, String found, String advice, List<String> sql) {
    return new DoctorFinding(check.code(), Status.FAILED, code, found, advice, sql);
  }

  static DoctorFinding warned(
      DoctorCheck check, String code, String found, String advice, List<String> sql) {
    return new DoctorFinding(check.code(), Status.WARNED, code, found, advice, sql);
  }
}
