// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.DoctorFinding.Status;
import java.util.List;
import java.util.Locale;

/**
 * What a {@link WorkspaceDoctor} found. Holds no secrets.
 *
 * @param findings one for each check, in the order of the checks
 */
public record DoctorReport(List<DoctorFinding> findings) {
  private static final String INDENT = " ".repeat(31);

  /** Copies the findings. */
  public DoctorReport {
    findings = List.copyOf(findings);
  }

  /** Whether nothing failed; there may be warnings. */
  public boolean isHealthy() {
    return count(Status.FAILED) == 0;
  }

  private long count(Status status) {
    return findings.stream().filter(finding -> finding.status() == status).count();
  }

  /** For a terminal: a line for each check, with what to do below, and at the end all SQL. */
  public String text() {
    StringBuilder text = new StringBuilder();
    findings.forEach(finding -> append(text, finding));
    text.append('\n').append(summary()).append('\n');
    List<String> sql = findings.stream().flatMap(one -> one.sql().stream()).distinct().toList();
    if (!sql.isEmpty()) {
      text.append("\nTo be run by somebody who may:\n\n");
      sql.forEach(statement -> text.append(statement).append(";\n"));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, DoctorFinding finding) {
    String code = finding.code().isEmpty() ? "" : " (" + finding.code() + ")";
    text.append(
        String.format(
            Locale.ROOT,
            "%-8s %-21s %s%s%n",
            finding.status().name(),
            finding.check(),
            finding.found(),
            code));
    if (!finding.advice().isEmpty()) {
      text.append(INDENT).append(finding.advice()).append('\n');
    }
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "%d checks: %d well, %d with a warning, %d failed, %d skipped.",
        findings.size(),
        count(Status.OK),
        count(Status.WARNED),
        count(Status.FAILED),
        count(Status.SKIPPED));
  }
}
