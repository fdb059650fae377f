// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes checks one by one, skips those whose needs are not met, and keeps what they find. */
final class Examination {
  /** Nothing stops an examination but an interrupt. */
  static final StopSignal NEVER =
      new StopSignal() {
        @Override
        public Optional<StopReason> reason() {
          return Optional.empty();
        }

        @Override
        public Registration onStop(Runnable action) {
          return () -> {};
        }
      };

  private final Map<DoctorCheck, DoctorFinding> findings = new EnumMap<>(DoctorCheck.class);
  private final DoctorAdvice advice;

  Examination(DoctorAdvice advice) {
    this.advice = advice;
  }

  /** Looks at something. */
  interface Check {
    /** What it found; may throw an {@link ExportException} instead. */
    DoctorFinding make();
  }

  /** Makes a check, unless one that it needs has not gone well. */
  void make(DoctorCheck check, Check work) {
    String unmet =
        check.needed().stream()
            .filter(needed -> !isMet(needed))
            .map(DoctorCheck::code)
            .collect(Collectors.joining(", "));
    findings.put(
        check,
        unmet.isEmpty()
            ? made(check, work)
            : DoctorFinding.skipped(check, "Not checked, for want of: " + unmet + "."));
  }

  /** Whether a check was made and has not failed. */
  boolean isMet(DoctorCheck check) {
    DoctorFinding finding = findings.get(check);
    return finding != null
        && switch (finding.status()) {
          case OK, WARNED -> true;
          case FAILED, SKIPPED -> false;
        };
  }

  private DoctorFinding made(DoctorCheck check, Check work) {
    try {
      return work.make();
    } catch (ExportException e) {
      return advice.failed(check, e);
    } catch (ExportStoppedException e) {
      throw e;
    } catch (RuntimeException e) {
      return DoctorFinding.failed(
          check,
          "unexpected",
          "It failed by " + e.getClass().getSimpleName() + ".",
          "This is a defect; report it.",
          List.of());
    }
  }

  DoctorReport report() {
    return new DoctorReport(List.copyOf(findings.values()));
  }
}
