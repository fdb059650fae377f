// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.RowCursor;
import io.viewexport.testkit.ManualStop;
import io.viewexport.testkit.SampleRows;
import java.util.List;
import java.util.Map;

/** Backends that get clean-ups wrong. */
final class BrokenCleanups {
  private BrokenCleanups() {}

  static final class LeavesFailedAttempts extends ForwardingBackend {
    LeavesFailedAttempts(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      String file = context.chunk() + ".a" + context.attempt() + ".tmp";
      place.litter.add(file);
      ChunkReceipt receipt = super.exportChunk(context, rows);
      place.litter.remove(file);
      return receipt;
    }
  }

  static final class LeavesLateAttempts extends ForwardingBackend {
    LeavesLateAttempts(BrokenPlace place) {
      super(place);
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      place.litter.add(context.chunk() + ".a" + context.attempt());
      return super.exportChunk(context, rows);
    }

    @Override
    public void cancelExport(CancelContext context) {
      super.cancelExport(context);
      for (CancelContext.EndedView view : context.views()) {
        view.chunks()
            .forEach(
                chunk -> {
                  int last = chunk.winner().orElse(chunk.started());
                  for (int attempt = 1; attempt <= last; attempt++) {
                    place.litter.remove(chunk.chunk() + ".a" + attempt);
                  }
                });
      }
    }
  }

  static final class CleansUpOnce extends ForwardingBackend {
    CleansUpOnce(BrokenPlace place) {
      super(place);
    }

    @Override
    public void cancelExport(CancelContext context) {
      super.cancelExport(context);
      if (place.seen.put("clean " + context.jobId(), true) != null) {
        throw ExportException.permanent("no-such-folder", "The staging is not there.", null);
      }
    }
  }

  static final class CleansUpByPrefix extends ForwardingBackend {
    CleansUpByPrefix(BrokenPlace place) {
      super(place);
    }

    @Override
    public void cancelExport(CancelContext context) {
      for (String name : place.lake.stagingNames()) {
        String job = name.substring(0, name.indexOf('/'));
        if (job.startsWith(context.jobId().value())) {
          super.cancelExport(
              altered(CancelContext.class, context, Map.of("jobId", new JobId(job))));
        }
      }
    }
  }

  /** Takes job-1 and job1 for the same. */
  static final class CleansUpWithoutHyphens extends ForwardingBackend {
    CleansUpWithoutHyphens(BrokenPlace place) {
      super(place);
    }

    @Override
    public void cancelExport(CancelContext context) {
      String plain = context.jobId().value().replace("-", "");
      for (String name : place.lake.stagingNames()) {
        String job = name.substring(0, name.indexOf('/'));
        if (job.replace("-", "").equals(plain)) {
          super.cancelExport(
              altered(CancelContext.class, context, Map.of("jobId", new JobId(job))));
        }
      }
    }
  }

  /** Has no patience with another server that cleans up the same. */
  static final class CleansUpAlone extends ForwardingBackend {
    CleansUpAlone(BrokenPlace place) {
      super(place);
    }

    @Override
    public void cancelExport(CancelContext context) {
      boolean alone = place.seen.putIfAbsent("cleaning " + context.jobId(), true) == null;
      place.meet();
      if (!alone) {
        throw ExportException.permanent("file-gone", "A file is gone.", null);
      }
      super.cancelExport(context);
      place.seen.remove("cleaning " + context.jobId());
    }
  }

  static final class WipesAllStaging extends ForwardingBackend {
    WipesAllStaging(BrokenPlace place) {
      super(place);
    }

    @Override
    public void cancelExport(CancelContext context) {
      super.cancelExport(context);
      for (String name : place.lake.stagingNames()) {
        JobId job = new JobId(name.substring(0, name.indexOf('/')));
        super.cancelExport(altered(CancelContext.class, context, Map.of("jobId", job)));
      }
    }
  }

  static final class EmptiesTheTarget extends ForwardingBackend {
    EmptiesTheTarget(BrokenPlace place) {
      super(place);
    }

    @Override
    public void cancelExport(CancelContext context) {
      super.cancelExport(context);
      for (CancelContext.EndedView view : context.views()) {
        if (view.merge() == MergeOutcome.NOT_MERGED
            && place.lake.target(target(view.view())).isPresent()) {
          SampleRows rows = rows(view.view());
          place.lake.putTarget(target(view.view()), new SampleRows(rows.schema(), List.of()));
        }
      }
    }
  }

  static final class CleansUpDoubt extends ForwardingBackend {
    CleansUpDoubt(BrokenPlace place) {
      super(place);
    }

    @Override
    public void cancelExport(CancelContext context) {
      List<CancelContext.EndedView> sure =
          context.views().stream()
              .map(
                  view ->
                      new CancelContext.EndedView(
                          view.view(),
                          MergeOutcome.NOT_MERGED,
                          view.chunks(),
                          view.finalizeAttempts()))
              .toList();
      super.cancelExport(altered(CancelContext.class, context, Map.of("views", sure)));
    }
  }

  static final class CleansUpWithoutAsking extends ForwardingBackend {
    CleansUpWithoutAsking(BrokenPlace place) {
      super(place);
    }

    @Override
    public void cancelExport(CancelContext context) {
      super.cancelExport(altered(CancelContext.class, context, Map.of("stop", new ManualStop())));
    }
  }
}
