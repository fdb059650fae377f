// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.MergeMode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a request against what a backend can do, and has the backend plan it. */
final class BackendChecks {
  private static final Logger LOG = LoggerFactory.getLogger(BackendChecks.class);

  private final ExportBackend backend;
  private final Issues issues;

  BackendChecks(ExportBackend backend, Issues issues) {
    this.backend = backend;
    this.issues = issues;
  }

  /**
   * The backend's plan; empty where there are issues that leave none.
   *
   * @param views those of the request that could be described
   */
  Optional<ExportPlan> plan(ExportRequest request, List<ExportView> views) {
    checkCapabilities(request, views);
    if (views.isEmpty() || views.size() < request.views().size()) {
      return Optional.empty();
    }
    try {
      ExportPlan plan = backend.planExport(new PlannedRequest(request, views));
      if (plan.views().size() != views.size()) {
        throw mismatch(plan.views().size(), views.size());
      }
      return Optional.of(plan);
    } catch (ExportRefusedException refused) {
      issues.addOfBackend(refused.issues());
      return Optional.empty();
    } catch (RuntimeException failed) {
      return failed(failed);
    }
  }

  /** A request with issues is refused for them, whatever else went wrong. */
  private Optional<ExportPlan> failed(RuntimeException failure) {
    if (issues.isEmpty()) {
      throw failure;
    }
    LOG.debug("kind={} planning failed after issues: {}", backend.kind(), failure.getClass());
    return Optional.empty();
  }

  private void checkCapabilities(ExportRequest request, List<ExportView> views) {
    Set<Capability> capabilities = backend.capabilities();
    if (request.views().size() > 1 && !capabilities.contains(Capability.SEVERAL_VIEWS)) {
      String text = "Backend " + backend.kind() + " exports one view per job.";
      issues.add("not-supported", text, "view");
    }
    for (ExportView view : views) {
      Optional<Capability> needed = needed(view.settings().mergeMode());
      if (needed.isPresent() && !capabilities.contains(needed.get())) {
        boolean ofView = request.views().get(view.index()).options().mergeMode().isPresent();
        String text =
            "Backend %s does not support mergeMode %s."
                .formatted(backend.kind(), view.settings().mergeMode().code());
        issues.add("not-supported", text, new Part(view.index(), ofView).named("mergeMode"));
      }
    }
  }

  private static Optional<Capability> needed(MergeMode mode) {
    return switch (mode) {
      case INSERT -> Optional.empty();
      case UPSERT -> Optional.of(Capability.UPSERT);
      case HISTORY -> Optional.of(Capability.HISTORY);
      case REPLACE -> Optional.of(Capability.REPLACE);
    };
  }

  private ExportException mismatch(int planned, int asked) {
    String text =
        "Backend %s planned %d views where %d were asked for; this is a defect of it."
            .formatted(backend.kind(), planned, asked);
    return ExportException.permanent("plan-mismatch", text, null);
  }
}
