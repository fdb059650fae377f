// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.merge.WarehouseTarget;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.testing.TestContext;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The engine's part in a merge: keeps the checkpoint, waits by moving the workspace's clock. */
final class Finalizer {
  static final TableName TARGET = new TableName("main", "fhir", "patient");
  static final LakeSchema STAGED =
      LakeSchema.of(new ViewSchema(List.of(new ViewColumn("id", ColumnType.STRING, "text"))));
  static final MergeSpec SPEC =
      new MergeSpec(TARGET.toString(), STAGED, MergeMode.INSERT, List.of("id"), Optional.empty());
  private static final JobId JOB = new JobId("job");

  final ScriptedWorkspace workspace;
  final WarehouseSettings settings = WarehouseSettings.DEFAULT;
  final List<String> columns = new ArrayList<>(List.of("id", "is_deleted"));
  @Nullable String checkpoint;
  int attempt = 1;
  FinalizeContext.Intent intent = FinalizeContext.Intent.MERGE;

  Finalizer(ScriptedWorkspace workspace) {
    this.workspace = workspace;
  }

  /** One call, by a server whose clock is off. */
  FinalizeStep step() {
    return step(new Call(attempt, intent));
  }

  FinalizeStep step(Call call) {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(workspace.nowMs + 1_800_000), ZoneOffset.UTC);
    FinalizeStep step =
        new WarehouseMerge(new SqlWarehouse(workspace, "wh1"), settings, clock)
            .run(call, SPEC, this::target, Finalizer::staged);
    if (step instanceof FinalizeStep.Again again && call.holdsLease()) {
      checkpoint = again.checkpoint();
    }
    return step;
  }

  private WarehouseTarget target() {
    return new WarehouseTarget(
        TARGET,
        columns.stream()
            .map(
                name ->
                    new WarehouseTarget.Column(name, name.equals("id") ? "string" : "int", true))
            .toList());
  }

  private static List<StagedChunk> staged() {
    return List.of(
        new StagedChunk(new TableName("main", "fhir_staging", "c0"), 4),
        new StagedChunk(new TableName("main", "fhir_staging", "c1"), 6));
  }

  /** Calls until it ends; failures that may pass make a new attempt. */
  FinalizeStep toEnd() {
    for (int calls = 0; calls < 10_000; calls++) {
      FinalizeStep step = step();
      if (!(step instanceof FinalizeStep.Again again)) {
        return step;
      }
      workspace.advance(again.after().toMillis());
    }
    throw new AssertionError("does not end: " + checkpoint);
  }

  Call newCall() {
    return new Call(attempt, intent);
  }

  /** Another server takes over. */
  void takeOver() {
    attempt++;
  }

  /** One call of one attempt. */
  final class Call implements FinalizeContext {
    private final int number;
    private final Intent wanted;
    private final Optional<String> given = Optional.ofNullable(checkpoint);

    Call(int number, Intent wanted) {
      this.number = number;
      this.wanted = wanted;
    }

    boolean holdsLease() {
      return number == attempt;
    }

    @Override
    public ExportView view() {
      return TestContext.view(0, new ViewSchema(STAGED.columns()), ViewOptions.UNSET, Map.of());
    }

    @Override
    public Intent intent() {
      return wanted;
    }

    @Override
    public List<AcceptedReceipt> receipts() {
      return List.of();
    }

    @Override
    public JobId jobId() {
      return JOB;
    }

    @Override
    public ExportRequest request() {
      throw new UnsupportedOperationException("not needed here");
    }

    @Override
    public int attempt() {
      return number;
    }

    @Override
    public StopSignal stop() {
      return new StopSignal() {
        @Override
        public Optional<StopReason> reason() {
          return holdsLease() ? Optional.empty() : Optional.of(StopReason.LEASE_LOST);
        }

        @Override
        public Registration onStop(Runnable action) {
          return () -> {};
        }
      };
    }

    @Override
    public Optional<String> checkpoint() {
      return given;
    }

    @Override
    public void saveCheckpoint(String text) {
      if (!holdsLease()) {
        throw new ExportStoppedException(StopReason.LEASE_LOST);
      } else if (text.length() > MAX_CHECKPOINT_BYTES) {
        throw ExportException.permanent("too-long", "too long", null);
      }
      checkpoint = text;
    }

    @Override
    public void progress(long bytesWritten) {}

    @Override
    public void warn(String code, String message) {}
  }
}
