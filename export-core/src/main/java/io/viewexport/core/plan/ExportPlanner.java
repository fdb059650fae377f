// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.GroupMembers;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewAdvice;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.state.PlannedExport;
import io.viewexport.core.state.PlannedExport.PlannedView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Makes plans of requests: describes the views, checks what is asked for them, asks the backend,
 * and cuts the slices. A plan is stored once and never made again. Safe for use by many threads.
 */
public final class ExportPlanner {
  /** Each is a row of the store, and a file or more of staging. */
  private static final int MOST_CHUNKS = 10_000;

  private final ViewSource source;
  private final Map<String, ExportBackend> backends;
  private final PlanLimits limits;
  private final Optional<GroupMembers> groups;

  /** Plans for these backends, by kind. */
  public ExportPlanner(
      ViewSource source,
      Map<String, ExportBackend> backends,
      PlanLimits limits,
      Optional<GroupMembers> groups) {
    this.groups = groups;
    this.source = source;
    this.backends = Map.copyOf(backends);
    this.limits = limits;
  }

  /**
   * Plans a request.
   *
   * @return the plan; empty where the kind's backend is elsewhere and the plan is to be made there
   * @throws ExportRefusedException with every problem of the request
   * @throws ExportException where the source or the target can't be asked
   */
  public Optional<PlannedExport> plan(ExportRequest request) {
    return request.snapshotMode() == SnapshotMode.SHARED
        ? new ExportPlanner(source, backends, limits.besideSnapshot(), groups).make(request)
        : make(request);
  }

  /** What makes a view slow or unsafe to export with these settings. */
  public List<ViewAdvice> adviseOn(ViewName view, ViewSettings settings) {
    return source.adviseOn(view, settings.mergeKey(), settings.timestampColumn());
  }

  private Optional<PlannedExport> make(ExportRequest request) {
    Issues issues = new Issues();
    Optional<ExportBackend> backend = Optional.ofNullable(backends.get(request.kind()));
    if (backend.isEmpty() && !limits.kindsElsewhere().contains(request.kind())) {
      issues.add("unknown-kind", unknownKind(request.kind()), "kind");
    }
    RequestChecks.check(request, issues);
    if (request.snapshotMode() == SnapshotMode.SHARED) {
      checkShared(issues);
    }
    List<ExportView> views = describe(request, issues);
    List<ViewChecks> checks = check(request, views, issues);
    if (limits.needsNextSince()) {
      views.forEach(view -> checkNextSince(view, issues));
    }
    Optional<ExportPlan> plan =
        backend.flatMap(known -> new BackendChecks(known, issues).plan(request, views));
    checkCounts(request, views, checks, plan, issues);
    issues.throwIfAny();
    return plan.map(made -> planned(request, views, made));
  }

  private void checkShared(Issues issues) {
    if (!source.sharesSnapshots()) {
      issues.add(
          "not-supported",
          "The source of the views has no snapshots to share; leave snapshotMode out.",
          "snapshotMode");
    } else if (limits.readers() < 1) {
      issues.add(
          "parallelism-exceeds-pool",
          "A shared snapshot needs a connection of its own beside that of a chunk, and this server"
              + " allows one in all; leave snapshotMode out, or let the host raise poolSize.",
          "snapshotMode");
    }
  }

  private boolean byPages(ExportRequest request, DescribedView view) {
    return request.snapshotMode() == SnapshotMode.SHARED
        && limits.pageRanges()
        && view.sliceKinds().contains(SliceKind.PAGE_RANGE)
        && view.estimatedBytes().isPresent();
  }

  private List<ExportView> describe(ExportRequest request, Issues issues) {
    List<ExportView> views = new ArrayList<>();
    ResolvedGroups resolved = new ResolvedGroups(groups, request.principal(), issues);
    for (int index = 0; index < request.views().size(); index++) {
      ViewRequest view = request.views().get(index);
      try {
        DescribedView found = source.describeView(view.view());
        DescribedView described = new ColumnTypes(request, index, issues).applied(found);
        Part part = new Part(index, view.options().filters().isPresent());
        ViewSettings settings = resolved.resolve(view.options().resolve(request.options()), part);
        int chosen =
            ChunkCounts.choose(described, settings, byPages(request, described), limits.readers());
        views.add(described(request, index, described, ChunkCounts.with(settings, chosen)));
      } catch (ExportRefusedException refused) {
        issues.addOfView(index, refused.issues());
      }
    }
    return views;
  }

  private static ExportView described(
      ExportRequest request, int index, DescribedView described, ViewSettings settings) {
    ViewRequest view = request.views().get(index);
    Map<String, String> parameters = new HashMap<>(request.parameters());
    parameters.putAll(view.parameters());
    return new ExportView(index, view.name(), described, settings, parameters);
  }

  private static List<ViewChecks> check(
      ExportRequest request, List<ExportView> views, Issues issues) {
    List<ViewChecks> checks = new ArrayList<>();
    for (ExportView view : views) {
      ViewChecks check =
          new ViewChecks(
              view, request.views().get(view.index()).options(), request.options(), issues);
      check.check();
      checks.add(check);
    }
    return checks;
  }

  private void checkNextSince(ExportView view, Issues issues) {
    if (view.settings().timestampColumn().isPresent()) {
      source
          .nextSince(view.description().name())
          .withheld()
          .ifPresent(
              why ->
                  issues.add(
                      "next-since-unknown",
                      "When the next export has to begin can't be known. " + why.message(),
                      "view[" + view.index() + "]"));
    }
  }

  /**
   * Judges the largest count of one view that was asked for, or that the backend chose; what is
   * chosen here may have more chunks than run at once.
   */
  private void checkCounts(
      ExportRequest request,
      List<ExportView> views,
      List<ViewChecks> checks,
      Optional<ExportPlan> plan,
      Issues issues) {
    int largest = 0;
    String part = "chunkCount";
    for (int index = 0; index < views.size(); index++) {
      int asked = views.get(index).settings().chunkCount().orElse(1);
      int count = asked;
      if (plan.isPresent()) {
        count = plan.get().views().get(index).chunkCount();
        if (count > 1 && asked == 1) {
          checks.get(index).checkCut(count);
        }
      }
      if (count == asked && !isAsked(request, views.get(index))) {
        continue;
      }
      if (count > largest) {
        largest = count;
        part = checks.get(index).chunkCountPart();
      }
    }
    if (largest > MOST_CHUNKS) {
      String text = "A view is cut into at most %d chunks; ask for fewer.".formatted(MOST_CHUNKS);
      issues.add("too-many-chunks", text, part);
    } else if (limits.mostChunks().isPresent() && largest > limits.mostChunks().getAsInt()) {
      issues.add("parallelism-exceeds-pool", tooMany(largest), part);
    }
  }

  private static boolean isAsked(ExportRequest request, ExportView view) {
    return request.options().chunkCount().isPresent()
        || request.views().get(view.index()).options().chunkCount().isPresent();
  }

  private PlannedExport planned(ExportRequest request, List<ExportView> views, ExportPlan plan) {
    List<PlannedView> planned = new ArrayList<>();
    for (ExportView view : views) {
      ExportPlan.ViewPlan made = plan.views().get(view.index());
      List<ViewSlice> slices =
          byPages(request, view.description())
              ? Slices.cutByPages(
                  made.chunkCount(), view.description().estimatedBytes().orElseThrow())
              : Slices.cut(made.chunkCount());
      planned.add(new PlannedView(view, slices, made.exclusionKey()));
    }
    return new PlannedExport(planned);
  }

  private String unknownKind(String kind) {
    TreeSet<String> known = new TreeSet<>(backends.keySet());
    known.addAll(limits.kindsElsewhere());
    return "There is no backend of kind \"%s\"; known kinds: %s."
        .formatted(kind, known.isEmpty() ? "none" : String.join(", ", known));
  }

  private String tooMany(int count) {
    return ("%d chunks of a view need as many connections, and this server allows %d; ask for"
            + " fewer, or let the host have the surplus wait (surplusChunks).")
        .formatted(count, limits.mostChunks().orElse(0));
  }
}
