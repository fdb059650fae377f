// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.ExportException;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.RowCursor;
import io.viewexport.testkit.ManualStop;
import io.viewexport.testkit.SampleRows;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Backends that get merges wrong. */
final class BrokenMerges {
  private BrokenMerges() {}

  /** Keeps the rows that were staged. */
  abstract static class Remembering extends ForwardingBackend {
    Remembering(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      context.stop().throwIfStopped();
      SampleRows read = SampleRows.read(rows);
      ChunkReceipt receipt = super.exportChunk(context, read.open());
      place.staged.put(receipt.payload(), read);
      return receipt;
    }

    SampleRows staged(FinalizeContext context) {
      SampleRows all = new SampleRows(context.view().description().schema(), List.of());
      for (AcceptedReceipt one : context.receipts()) {
        all = all.plus(place.stagedAs(one.receipt().payload()));
      }
      return all;
    }

    static String work(FinalizeContext context) {
      return context.jobId() + "/" + context.view().index();
    }
  }

  static final class ListsStaging extends Remembering {
    ListsStaging(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      ChunkReceipt receipt = super.exportChunk(context, rows);
      place.seen.put(
          receipt.payload(), new AcceptedReceipt(context.chunk(), context.attempt(), 0, receipt));
      return receipt;
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      String folder = context.jobId() + "/v" + context.view().index() + "/";
      List<AcceptedReceipt> all = new ArrayList<>();
      Set<Object> keys = new HashSet<>();
      for (String name : place.lake.stagingNames()) {
        if (name.startsWith(folder)
            && place.seen.get(name) instanceof AcceptedReceipt one
            && place.stagedAs(name).rows().stream().allMatch(row -> keys.add(row.get(0)))) {
          all.add(one);
        }
      }
      return super.finalizeExport(altered(FinalizeContext.class, context, Map.of("receipts", all)));
    }
  }

  static final class DeletesStaging extends ForwardingBackend {
    DeletesStaging(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      FinalizeStep step = super.finalizeExport(context);
      List<CancelContext.EndedView> ended =
          List.of(new CancelContext.EndedView(context.view(), MergeOutcome.MERGED, List.of(), 1));
      cancelExport(
          (CancelContext)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {CancelContext.class},
                  (proxy, method, arguments) ->
                      switch (method.getName()) {
                        case "views" -> ended;
                        case "outcome" -> JobState.COMPLETED;
                        case "jobId" -> context.jobId();
                        default -> context.stop();
                      }));
      return step;
    }
  }

  static final class AddsRowsAgain extends Remembering {
    AddsRowsAgain(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      FinalizeStep step = super.finalizeExport(context);
      if (step instanceof FinalizeStep.Done
          && place.seen.put(work(context), context.attempt()) != null) {
        place.lake.putTarget(target(context.view()), rows(context.view()).plus(staged(context)));
      }
      return step;
    }
  }

  static final class UndoesLaterExports extends Remembering {
    UndoesLaterExports(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      FinalizeStep step = super.finalizeExport(context);
      Object before = place.seen.putIfAbsent(work(context), rows(context.view()));
      if (before instanceof SampleRows rows) {
        place.lake.putTarget(target(context.view()), rows);
      }
      return step;
    }
  }

  /** One note for each job: of the view that was merged last. */
  static final class NotesTheLastView extends Remembering {
    NotesTheLastView(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      FinalizeStep step = super.finalizeExport(context);
      String merged = "merged " + work(context);
      boolean known = place.seen.put(merged, true) != null;
      Object last = place.seen.put(context.jobId().value(), merged);
      if (known && !merged.equals(last)) {
        place.lake.putTarget(target(context.view()), staged(context));
      }
      return step;
    }
  }

  /** Receipts for rows that wait in the memory of the JVM. */
  static final class StagesInAStatic extends ForwardingBackend {
    private static final Map<String, SampleRows> ROWS = new ConcurrentHashMap<>();

    StagesInAStatic(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      SampleRows read = SampleRows.read(rows);
      ChunkReceipt receipt = super.exportChunk(context, read.open());
      ROWS.put(receipt.payload(), read);
      return receipt;
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      for (AcceptedReceipt one : context.receipts()) {
        if (!ROWS.containsKey(one.receipt().payload())) {
          throw ExportException.permanent("staging-gone", "The rows are gone.", null);
        }
      }
      return super.finalizeExport(context);
    }
  }

  static final class ForgetsItsLocation extends Remembering {
    ForgetsItsLocation(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      return super.finalizeExport(context) instanceof FinalizeStep.Done done
          ? new FinalizeStep.Done(done.location() + "?attempt=" + context.attempt(), done.counts())
          : new FinalizeStep.Withdrawn();
    }
  }

  static final class GuessesThatItIsMerged extends ForwardingBackend {
    GuessesThatItIsMerged(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      return context.attempt() > 1
          ? new FinalizeStep.Done("memory:" + target(context.view()), MergeCounts.UNKNOWN)
          : super.finalizeExport(context);
    }
  }

  static final class SaysAlwaysWithdrawn extends ForwardingBackend {
    SaysAlwaysWithdrawn(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      return context.intent() == Intent.WITHDRAW
          ? new FinalizeStep.Withdrawn()
          : super.finalizeExport(context);
    }
  }

  static final class MergesToWithdraw extends ForwardingBackend {
    MergesToWithdraw(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      return super.finalizeExport(
          altered(FinalizeContext.class, context, Map.of("intent", Intent.MERGE)));
    }
  }

  /** Asks when it begins, and never again. */
  static class AsksAtTheStart extends ForwardingBackend {
    AsksAtTheStart(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      context.stop().throwIfStopped();
      return super.finalizeExport(
          altered(FinalizeContext.class, context, Map.of("stop", new ManualStop())));
    }
  }

  /** As above, and withdrawing leaves no mark either. */
  static final class WithdrawsWithoutAMark extends AsksAtTheStart {
    WithdrawsWithoutAMark(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      String work = context.jobId() + "/" + context.view().index();
      if (context.intent() == Intent.WITHDRAW && !place.seen.containsKey(work)) {
        return new FinalizeStep.Withdrawn();
      }
      FinalizeStep step = super.finalizeExport(context);
      place.seen.put(work, true);
      return step;
    }
  }

  /** Looks, and believes what it saw, though a merge goes by in between. */
  static final class WithdrawsWhileItMerges extends ForwardingBackend {
    WithdrawsWhileItMerges(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      context.stop().throwIfStopped();
      boolean unmerged = place.lake.target(target(context.view())).isEmpty();
      place.meet();
      return unmerged && context.intent() == Intent.WITHDRAW
          ? new FinalizeStep.Withdrawn()
          : super.finalizeExport(
              altered(FinalizeContext.class, context, Map.of("stop", new ManualStop())));
    }
  }

  static final class AsksNothingToWithdraw extends ForwardingBackend {
    AsksNothingToWithdraw(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      return super.finalizeExport(
          context.intent() == Intent.WITHDRAW
              ? altered(FinalizeContext.class, context, Map.of("stop", new ManualStop()))
              : context);
    }
  }

  /** Other settings than those asked for. */
  static final class TreatsModes extends ForwardingBackend {
    private final MergeMode asked;
    private final MergeMode done;

    TreatsModes(BrokenPlace place, MergeMode asked, MergeMode done) {
      super(place);
      this.asked = asked;
      this.done = done;
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      ExportView view = context.view();
      ViewSettings settings = view.settings();
      if (settings.mergeMode() != asked) {
        return super.finalizeExport(context);
      }
      ExportView other =
          new ExportView(
              view.index(),
              view.name(),
              view.description(),
              new ViewSettings(
                  settings.chunkCount(),
                  settings.mergeKey(),
                  done,
                  settings.timestampColumn(),
                  settings.patientColumn(),
                  settings.filters()),
              view.parameters());
      return super.finalizeExport(altered(FinalizeContext.class, context, Map.of("view", other)));
    }
  }

  /** Notes job and target, not job and view. */
  static final class TakesATargetForDone extends ForwardingBackend {
    TakesATargetForDone(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      String note = context.jobId() + " into " + target(context.view());
      if (!place.seen.getOrDefault(note, context.view().index()).equals(context.view().index())) {
        return new FinalizeStep.Done("memory:" + target(context.view()), MergeCounts.UNKNOWN);
      }
      FinalizeStep step = super.finalizeExport(context);
      place.seen.put(note, context.view().index());
      return step;
    }
  }

  /** Upserts only some of the rows that it should. */
  abstract static class UpsertsNot extends Remembering {
    UpsertsNot(BrokenPlace place) {
      super(place);
    }

    abstract boolean isLeft(@Nullable Object was, @Nullable Object is);

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      SampleRows before = rows(context.view());
      FinalizeStep step = super.finalizeExport(context);
      int time = before.schema().indexOf("at").orElse(-1);
      if (context.view().settings().mergeMode() == MergeMode.UPSERT && time >= 0) {
        Map<Object, List<@Nullable Object>> old = new HashMap<>();
        before.rows().forEach(row -> old.put(String.valueOf(row.get(0)), row));
        List<List<@Nullable Object>> now = new ArrayList<>();
        for (List<@Nullable Object> row : rows(context.view()).rows()) {
          List<@Nullable Object> was = old.getOrDefault(String.valueOf(row.get(0)), row);
          now.add(isLeft(was.get(time), row.get(time)) ? was : row);
        }
        place.lake.putTarget(target(context.view()), new SampleRows(before.schema(), now));
      }
      return step;
    }
  }

  static final class UpsertsNoEqualTimes extends UpsertsNot {
    UpsertsNoEqualTimes(BrokenPlace place) {
      super(place);
    }

    @Override
    boolean isLeft(@Nullable Object was, @Nullable Object is) {
      return Objects.equals(was, is);
    }
  }

  /** As SQL compares: nothing is later than NULL. */
  static final class UpsertsNoMissingTimes extends UpsertsNot {
    UpsertsNoMissingTimes(BrokenPlace place) {
      super(place);
    }

    @Override
    boolean isLeft(@Nullable Object was, @Nullable Object is) {
      return was == null;
    }
  }

  static final class OverwritesTheTarget extends Remembering {
    OverwritesTheTarget(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      FinalizeStep step = super.finalizeExport(context);
      if (step instanceof FinalizeStep.Done && place.seen.put(work(context), true) == null) {
        place.lake.putTarget(target(context.view()), staged(context));
      }
      return step;
    }
  }

  /** Reads the target, waits for another to do so, and writes what it made of it. */
  static final class LosesConcurrentMerges extends Remembering {
    LosesConcurrentMerges(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      boolean there = place.lake.target(target(context.view())).isPresent();
      SampleRows before = rows(context.view());
      place.meet();
      FinalizeStep step = super.finalizeExport(context);
      if (!there && step instanceof FinalizeStep.Done) {
        place.lake.putTarget(target(context.view()), before.plus(staged(context)));
      }
      return step;
    }
  }

  static final class CountsAllAsInserted extends Remembering {
    CountsAllAsInserted(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      return super.finalizeExport(context) instanceof FinalizeStep.Done done
          ? new FinalizeStep.Done(done.location(), MergeCounts.of(staged(context).size(), 0, 0, 0))
          : new FinalizeStep.Withdrawn();
    }
  }

  static final class TellsTheKey extends Remembering {
    TellsTheKey(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      try {
        return super.finalizeExport(context);
      } catch (ExportException e) {
        throw ExportException.permanent(
            e.code(), e.message() + " Rows: " + staged(context).rows(), null);
      }
    }
  }

  static final class ThrowsWhatComes extends ForwardingBackend {
    ThrowsWhatComes(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      try {
        return super.finalizeExport(context);
      } catch (ExportException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static final class TriesForEver extends ForwardingBackend {
    TriesForEver(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      try {
        return super.finalizeExport(context);
      } catch (ExportException e) {
        throw ExportException.retryable(e.code(), e.message(), e);
      }
    }
  }

  /** Knows a job by its setup. */
  static final class NeedsItsOwnSetup extends ForwardingBackend {
    private final Set<String> setUp = new HashSet<>();

    NeedsItsOwnSetup(BrokenPlace place) {
      super(place);
    }

    @Override
    public void setupExport(SetupContext context) {
      super.setupExport(context);
      setUp.add(context.jobId().value());
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      if (!setUp.contains(context.jobId().value())) {
        throw ExportException.retryable("not-set-up", "The job is not set up.", null);
      }
      return super.finalizeExport(context);
    }
  }

  /** Half of the rows, a moment, then the rest. */
  static final class ShowsAPart extends Remembering {
    ShowsAPart(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      context.stop().throwIfStopped();
      SampleRows before = rows(context.view());
      if (context.intent() == Intent.MERGE && !place.seen.containsKey(work(context))) {
        SampleRows half = staged(context);
        place.lake.putTarget(
            target(context.view()),
            before.plus(new SampleRows(half.schema(), half.rows().subList(0, half.size() / 2))));
        context.progress(1);
        place.lake.putTarget(target(context.view()), before);
      }
      FinalizeStep step = super.finalizeExport(context);
      place.seen.put(work(context), StopReason.SHUTDOWN);
      return step;
    }
  }

  /** Half of the rows, until somebody has looked, then the rest: with no step that tells. */
  static final class ShowsAPartInSecret extends Remembering {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    ShowsAPartInSecret(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      context.stop().throwIfStopped();
      SampleRows all = staged(context);
      if (!place.seen.containsKey(work(context)) && all.size() > 1000) {
        SampleRows before = rows(context.view());
        place.lake.putTarget(
            target(context.view()),
            before.plus(new SampleRows(all.schema(), all.rows().subList(0, all.size() / 2))));
        place.awaitReads(2, LONGEST);
        place.lake.putTarget(target(context.view()), before);
      }
      place.seen.put(work(context), true);
      return super.finalizeExport(context);
    }
  }
}
