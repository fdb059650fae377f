// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.testkit.InMemoryBackend;
import io.viewexport.testkit.SampleRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Backends that get plans, setups or what they say of themselves wrong. */
final class BrokenPlans {
  private BrokenPlans() {}

  static final class ReportsOneProblem extends ForwardingBackend {
    ReportsOneProblem(BrokenPlace place) {
      super(place);
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      try {
        return super.planExport(context);
      } catch (ExportRefusedException refused) {
        throw new ExportRefusedException(refused.issues().subList(0, 1));
      }
    }
  }

  static final class MakesTargetsWhenPlanning extends ForwardingBackend {
    MakesTargetsWhenPlanning(BrokenPlace place) {
      super(place);
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      ExportPlan plan = super.planExport(context);
      context.views().forEach(view -> place.lake.putTarget(target(view), rows(view)));
      return plan;
    }
  }

  static final class TakesUnknownParameters extends ForwardingBackend {
    TakesUnknownParameters(BrokenPlace place) {
      super(place);
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      List<ExportView> known = new ArrayList<>();
      for (ExportView view : context.views()) {
        known.add(
            new ExportView(
                view.index(),
                view.name(),
                view.description(),
                view.settings(),
                Map.of(InMemoryBackend.TARGET, target(view))));
      }
      return super.planExport(altered(PlanContext.class, context, Map.of("views", known)));
    }
  }

  /** Takes no parameters of a job. */
  static final class RefusesWhatAllViewsShare extends ForwardingBackend {
    RefusesWhatAllViewsShare(BrokenPlace place) {
      super(place);
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      for (String name : context.request().parameters().keySet()) {
        throw new ExportRefusedException(
            List.of(ExportIssue.of("unknown-parameter", "Unknown: " + name + ".", name)));
      }
      return super.planExport(context);
    }
  }

  /** What is given for all views at once it takes. */
  static final class LooksAtViewsAlone extends ForwardingBackend {
    LooksAtViewsAlone(BrokenPlace place) {
      super(place);
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      Set<String> ofJob = context.request().parameters().keySet();
      try {
        return super.planExport(context);
      } catch (ExportRefusedException refused) {
        List<ExportIssue> others =
            refused.issues().stream()
                .filter(issue -> !ofJob.contains(issue.expression().orElse("")))
                .toList();
        if (others.isEmpty()) {
          return new ExportPlan(List.of(new ExportPlan.ViewPlan(1, kind())));
        }
        throw new ExportRefusedException(others);
      }
    }
  }

  static final class ExportsTheFirstViewAlone extends ForwardingBackend {
    ExportsTheFirstViewAlone(BrokenPlace place) {
      super(place);
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      return context.view().index() == 0
          ? super.finalizeExport(context)
          : new FinalizeStep.Done("memory:" + target(context.view()), MergeCounts.UNKNOWN);
    }
  }

  static final class TellsSecrets extends ForwardingBackend {
    TellsSecrets(BrokenPlace place) {
      super(place);
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      try {
        return super.planExport(context);
      } catch (ExportRefusedException refused) {
        throw new ExportRefusedException(
            List.of(ExportIssue.of("refused", "Refused by https://me:" + BrokenPlace.SECRET)));
      }
    }
  }

  static final class EmptiesTheTargetInSetup extends ForwardingBackend {
    EmptiesTheTargetInSetup(BrokenPlace place) {
      super(place);
    }

    @Override
    public void setupExport(SetupContext context) {
      super.setupExport(context);
      place.lake.putTarget(
          target(context.view()), new SampleRows(rows(context.view()).schema(), List.of()));
    }
  }

  static final class ChecksNothingInSetup extends ForwardingBackend {
    ChecksNothingInSetup(BrokenPlace place) {
      super(place);
    }

    @Override
    public void setupExport(SetupContext context) {
      context.stop().throwIfStopped();
    }
  }

  static final class SetsUpOnce extends ForwardingBackend {
    SetsUpOnce(BrokenPlace place) {
      super(place);
    }

    @Override
    public void setupExport(SetupContext context) {
      super.setupExport(context);
      if (place.seen.put("setup " + context.jobId() + context.view().index(), true) != null) {
        throw ExportException.permanent("folder-exists", "The staging folder exists.", null);
      }
    }
  }

  static final class KeysByJob extends ForwardingBackend {
    KeysByJob(BrokenPlace place) {
      super(place);
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      return keyed(super.planExport(context), String.valueOf(System.nanoTime()));
    }
  }

  static final class HasOneKeyForAll extends ForwardingBackend {
    HasOneKeyForAll(BrokenPlace place) {
      super(place);
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      return keyed(super.planExport(context), kind());
    }
  }

  private static ExportPlan keyed(ExportPlan plan, String key) {
    return new ExportPlan(
        plan.views().stream()
            .map(view -> new ExportPlan.ViewPlan(view.chunkCount(), key))
            .toList());
  }

  static final class PlansOneChunk extends ForwardingBackend {
    PlansOneChunk(BrokenPlace place) {
      super(place);
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      return new ExportPlan(
          super.planExport(context).views().stream()
              .map(view -> new ExportPlan.ViewPlan(1, view.exclusionKey()))
              .toList());
    }
  }

  static final class DescribesNothing extends ForwardingBackend {
    DescribesNothing(BrokenPlace place) {
      super(place);
    }

    @Override
    public List<BackendParameter> parameters() {
      return List.of();
    }
  }

  static final class LeavesAThread extends ForwardingBackend {
    LeavesAThread(BrokenPlace place) {
      super(place);
      Thread thread = new Thread(LeavesAThread::waitForEver, "left");
      thread.setDaemon(true);
      thread.start();
    }

    private static void waitForEver() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static final class ClosesOnce extends ForwardingBackend {
    private boolean closed;

    ClosesOnce(BrokenPlace place) {
      super(place);
    }

    @Override
    public void close() {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      closed = true;
    }
  }
}
