// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What a backend is handed, for one view of a job. */
public final class TestContext implements ChunkContext, SetupContext {
  private final ExportView view;
  private final JobId job;
  private final int attempt;
  private final BooleanSupplier stopped;
  private long progress;

  /** An attempt at the view's first chunk that is stopped when the supplier says so. */
  public TestContext(ExportView view, JobId job, int attempt, BooleanSupplier stopped) {
    this.view = view;
    this.job = job;
    this.attempt = attempt;
    this.stopped = stopped;
  }

  /** A view of these columns, key {@code id}, with these options and parameters. */
  public static ExportView view(
      int index, ViewSchema schema, ViewOptions options, Map<String, String> parameters) {
    ViewName name = new ViewName("sof", "view" + index);
    var description =
        new DescribedView(
            name,
            schema,
            OptionalLong.empty(),
            OptionalLong.empty(),
            Set.of(SliceKind.WHOLE, SliceKind.KEY_HASH));
    return new ExportView(
        index, "view" + index, description, options.resolve(ViewOptions.UNSET), parameters);
  }

  @Override
  public ExportView view() {
    return view;
  }

  @Override
  public ChunkId chunk() {
    return new ChunkId(job, view.index(), 0);
  }

  @Override
  public JobId jobId() {
    return job;
  }

  @Override
  public ExportRequest request() {
    throw new UnsupportedOperationException("not needed here");
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
        return stopped.getAsBoolean() ? Optional.of(StopReason.JOB_ENDING) : Optional.empty();
      }

      @Override
      public Registration onStop(Runnable action) {
        return () -> {};
      }
    };
  }

  @Override
  public Optional<String> checkpoint() {
    return Optional.empty();
  }

  @Override
  public void saveCheckpoint(String text) {}

  @Override
  public void progress(long bytesWritten) {
    progress += bytesWritten;
  }

  @Override
  public void warn(String code, String message) {}

  /** The bytes reported. */
  public long reported() {
    return progress;
  }
}
