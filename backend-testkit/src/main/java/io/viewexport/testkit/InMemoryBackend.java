// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reference backend: every rule of {@link io.viewexport.api.backend} kept in the plainest way,
 * on an {@link InMemoryLake}. Only its memory is not bounded (B16).
 *
 * <p>Its one parameter, {@value #TARGET}, names the target; without it that is the output's name.
 * Its outcomes are always known, and so are its counts, also after a replay.
 */
public final class InMemoryBackend implements ExportBackend {
  /** The kind that it has by default. */
  public static final String KIND = "memory";

  /** The parameter that names the target. */
  public static final String TARGET = "target";

  private final String kind;
  private final InMemoryLake lake;

  /**
   * A backend of kind {@value #KIND}.
   *
   * @param lake where it writes; several backends on one are several servers
   */
  public InMemoryBackend(InMemoryLake lake) {
    this(KIND, lake);
  }

  /**
   * A backend of another kind.
   *
   * @param kind the kind that requests name
   * @param lake where it writes; several backends on one are several servers
   */
  public InMemoryBackend(String kind, InMemoryLake lake) {
    this.kind = kind;
    this.lake = lake;
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public List<BackendParameter> parameters() {
    return List.of(
        new BackendParameter(
            TARGET,
            BackendParameter.Type.STRING,
            "The name of the target; the output's name where it is not given."));
  }

  @Override
  public ExportPlan planExport(PlanContext context) {
    List<ExportIssue> issues = new ArrayList<>();
    Set<String> ofJob = context.request().parameters().keySet();
    ofJob.stream()
        .filter(name -> !name.equals(TARGET))
        .sorted()
        .forEach(name -> issues.add(unknown(name, name)));
    for (ExportView view : context.views()) {
      checkParameters(view, ofJob, issues);
      checkColumns(view, issues);
    }
    if (!issues.isEmpty()) {
      throw new ExportRefusedException(issues);
    }
    return new ExportPlan(context.views().stream().map(this::plan).toList());
  }

  private ExportPlan.ViewPlan plan(ExportView view) {
    int chunks = view.settings().chunkCount().orElse(1);
    return new ExportPlan.ViewPlan(chunks, kind + ":" + target(view));
  }

  private static void checkParameters(
      ExportView view, Set<String> ofJob, List<ExportIssue> issues) {
    Map<String, String> parameters = view.parameters();
    parameters.keySet().stream()
        .filter(name -> !name.equals(TARGET) && !ofJob.contains(name))
        .sorted()
        .forEach(name -> issues.add(unknown(name, part(view, name))));
    String target = parameters.get(TARGET);
    if (target != null && (target.isBlank() || target.length() > 1000)) {
      issues.add(
          ExportIssue.of(
              "invalid-target", "A target's name has 1 to 1000 characters.", part(view, TARGET)));
    }
  }

  private static void checkColumns(ExportView view, List<ExportIssue> issues) {
    ViewSchema schema = view.description().schema();
    ViewSettings settings = view.settings();
    for (String column : settings.mergeKey()) {
      if (schema.find(column).isEmpty()) {
        issues.add(missing("no-key-column", column, part(view, "mergeKey")));
      }
    }
    if (new HashSet<>(settings.mergeKey()).size() < settings.mergeKey().size()) {
      issues.add(
          ExportIssue.of(
              "repeated-key-column", "A column stands twice in the key.", part(view, "mergeKey")));
    }
    Optional<String> timestamp = settings.timestampColumn();
    if (timestamp.isPresent() && schema.find(timestamp.get()).isEmpty()) {
      issues.add(missing("no-timestamp-column", timestamp.get(), part(view, "timestampColumn")));
    }
    MergeMode mode = settings.mergeMode();
    if (timestamp.isEmpty() && (mode == MergeMode.UPSERT || mode == MergeMode.HISTORY)) {
      issues.add(
          ExportIssue.of(
              "no-timestamp-column",
              "Merge mode " + mode.code() + " needs a timestamp column.",
              part(view, "timestampColumn")));
    }
  }

  private static ExportIssue unknown(String name, String expression) {
    return ExportIssue.of("unknown-parameter", "Unknown parameter \"" + name + "\".", expression);
  }

  private static ExportIssue missing(String code, String column, String expression) {
    return ExportIssue.of(code, "The view has no column \"" + column + "\".", expression);
  }

  private static String part(ExportView view, String name) {
    return "view[" + view.index() + "]." + name;
  }

  @Override
  public void setupExport(SetupContext context) {
    context.stop().throwIfStopped();
    lake.target(target(context.view()))
        .ifPresent(
            rows -> MemoryMerge.united(rows.schema(), context.view().description().schema()));
  }

  @Override
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    context.stop().throwIfStopped();
    String name = staging(context.chunk(), context.attempt());
    lake.stage(name, new SampleRows(rows.schema(), List.of()));
    SampleRows read = SampleRows.read(rows);
    long bytes = 8L * read.size() * read.schema().size();
    context.stop().throwIfStopped();
    lake.stage(name, read);
    context.progress(bytes);
    return new ChunkReceipt(name, read.size(), bytes);
  }

  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    context.stop().throwIfStopped();
    ExportView view = context.view();
    String target = target(view);
    if (context.intent() == FinalizeContext.Intent.WITHDRAW) {
      return lake.withdraw(context.jobId(), view.index())
          .<FinalizeStep>map(counts -> done(target, counts))
          .orElseGet(FinalizeStep.Withdrawn::new);
    }
    Optional<MergeCounts> before = lake.findMerged(context.jobId(), view.index());
    if (before.isPresent()) {
      return done(target, before.get());
    }
    SampleRows staged = staged(context);
    return done(
        target,
        lake.merge(
            context.jobId(),
            view.index(),
            target,
            old -> MemoryMerge.merge(old, staged, view.settings()),
            context.stop()));
  }

  private FinalizeStep.Done done(String target, MergeCounts counts) {
    return new FinalizeStep.Done(kind + ":" + target, counts);
  }

  private SampleRows staged(FinalizeContext context) {
    List<List<@Nullable Object>> all = new ArrayList<>();
    for (AcceptedReceipt accepted : context.receipts()) {
      String name = accepted.receipt().payload();
      SampleRows rows = lake.findStaged(name);
      if (!name.equals(staging(accepted.chunk(), accepted.attempt()))
          || !accepted.chunk().job().equals(context.jobId())) {
        throw ExportException.permanent(
            "foreign-receipt", "A receipt of " + accepted.chunk() + " names another's rows.", null);
      }
      if (rows == null || rows.size() != accepted.receipt().rowCount()) {
        throw ExportException.permanent(
            "staging-differs", "The staging of " + accepted.chunk() + " is not as it was.", null);
      }
      all.addAll(rows.rows());
    }
    return new SampleRows(context.view().description().schema(), all);
  }

  @Override
  public void cancelExport(CancelContext context) {
    for (CancelContext.EndedView ended : context.views()) {
      if (ended.merge() != MergeOutcome.UNKNOWN) {
        lake.removeStaging(folder(context.jobId(), ended.view().index()), context.stop());
      }
    }
  }

  private static String target(ExportView view) {
    return view.parameters().getOrDefault(TARGET, view.name());
  }

  private static String folder(JobId job, int view) {
    return job + "/v" + view + "/";
  }

  private static String staging(ChunkId chunk, int attempt) {
    return folder(chunk.job(), chunk.view()) + "c" + chunk.chunk() + "/a" + attempt;
  }
}
