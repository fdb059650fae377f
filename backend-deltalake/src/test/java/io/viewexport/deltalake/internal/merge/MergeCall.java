// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One call to finalize, of a view that only its number matters of. */
final class MergeCall implements FinalizeContext {
  private static final ViewName VIEW = new ViewName("sof", "patient");

  private final JobId job;
  private final int attempt;
  private final Intent intent;
  private volatile @Nullable String checkpoint;
  private volatile @Nullable StopReason stopped;
  private BooleanSupplier stopping = () -> false;
  private @Nullable Runnable onCheckpoint;

  MergeCall(String job, int attempt, Intent intent) {
    this.job = new JobId(job);
    this.attempt = attempt;
    this.intent = intent;
  }

  static MergeCall of(String job) {
    return new MergeCall(job, 1, Intent.MERGE);
  }

  MergeCall next() {
    MergeCall later = new MergeCall(job.value(), attempt + 1, Intent.MERGE);
    later.checkpoint = checkpoint;
    return later;
  }

  MergeCall withdraw() {
    MergeCall later = new MergeCall(job.value(), attempt + 1, Intent.WITHDRAW);
    later.checkpoint = checkpoint;
    return later;
  }

  /** Runs just before the first commit. */
  MergeCall onCheckpoint(Runnable action) {
    onCheckpoint = action;
    return this;
  }

  /** Stopped when the supplier says so, too. */
  MergeCall stoppedBy(BooleanSupplier supplier) {
    stopping = supplier;
    return this;
  }

  void stopNow() {
    stopped = StopReason.LEASE_LOST;
  }

  @Override
  public ExportView view() {
    ViewSchema schema = new ViewSchema(List.of(new ViewColumn("id", ColumnType.STRING, "text")));
    DescribedView described =
        new DescribedView(
            VIEW, schema, OptionalLong.empty(), OptionalLong.empty(), Set.of(SliceKind.WHOLE));
    return new ExportView(
        0, "patient", described, ViewOptions.UNSET.resolve(ViewOptions.UNSET), Map.of());
  }

  @Override
  public Intent intent() {
    return intent;
  }

  @Override
  public List<AcceptedReceipt> receipts() {
    return List.of();
  }

  @Override
  public JobId jobId() {
    return job;
  }

  @Override
  public ExportRequest request() {
    return ExportRequest.builder("data-lakehouse").view(VIEW).build();
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public StopSignal stop() {
    return new StopSignal() {
      @Override
      public Optional<StopReason> reason() {
        return stopping.getAsBoolean()
            ? Optional.of(StopReason.LEASE_LOST)
            : Optional.ofNullable(stopped);
      }

      @Override
      public Registration onStop(Runnable action) {
        return () -> {};
      }
    };
  }

  @Override
  public Optional<String> checkpoint() {
    return Optional.ofNullable(checkpoint);
  }

  @Override
  public void saveCheckpoint(String text) {
    checkpoint = text;
    if (onCheckpoint != null) {
      onCheckpoint.run();
    }
  }

  @Override
  public void progress(long bytesWritten) {}

  @Override
  public void warn(String code, String message) {}
}
