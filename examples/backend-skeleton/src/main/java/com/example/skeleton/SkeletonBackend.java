// SPDX-License-Identifier: Apache-2.0
package com.example.skeleton;

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
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.RowCursor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The least that keeps all rules: each output is one NDJSON file, which appears by being linked to
 * its name. Replace the files by whatever you write to; keep the order of the steps.
 */
public final class SkeletonBackend implements ExportBackend {
  /** The parameter that names the folder of the files. */
  static final String TARGET = "target";

  private final Path root;

  /** A backend that writes below this folder. */
  public SkeletonBackend(Path root) {
    this.root = root;
  }

  @Override
  public String kind() {
    return "skeleton";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SEVERAL_VIEWS);
  }

  @Override
  public List<BackendParameter> parameters() {
    return List.of(
        new BackendParameter(
            TARGET, BackendParameter.Type.STRING, "The folder of the files: letters and digits."));
  }

  // Step 1: refuse what can't work, all of it at once; have no effects.
  @Override
  public ExportPlan planExport(PlanContext context) {
    Set<ExportIssue> issues = new LinkedHashSet<>();
    List<ExportPlan.ViewPlan> plans = new ArrayList<>();
    for (ExportView view : context.views()) {
      Map<String, String> parameters = view.parameters();
      for (String name : new TreeSet<>(parameters.keySet())) {
        if (!name.equals(TARGET)) {
          issues.add(ExportIssue.of("unknown-parameter", "Unknown: " + name + ".", name));
        }
      }
      String target = parameters.getOrDefault(TARGET, "");
      if (!target.matches("\\w{1,100}")) {
        issues.add(ExportIssue.of("invalid-target", "Name a target of letters.", TARGET));
      }
      int chunks = view.settings().chunkCount().orElse(1);
      plans.add(new ExportPlan.ViewPlan(chunks, "skeleton:" + target));
    }
    if (!issues.isEmpty()) {
      throw new ExportRefusedException(List.copyOf(issues));
    }
    return new ExportPlan(plans);
  }

  // Step 2: make what the chunks need, once for each view.
  @Override
  public void setupExport(SetupContext context) {
    context.stop().throwIfStopped();
    try {
      Files.createDirectories(staging(context.jobId(), context.view()));
    } catch (IOException e) {
      throw ExportException.retryable("not-set-up", "The folder can't be written to.", e);
    }
  }

  // Step 3: write the rows of a chunk to a place that only this attempt writes to.
  @Override
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    String name = "c" + context.chunk().chunk() + "-a" + context.attempt();
    Path file = staging(context.jobId(), context.view()).resolve(name);
    context.stop().throwIfStopped();
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        NdjsonWriter json = new NdjsonWriter(out, rows.schema())) {
      long count = 0;
      while (rows.next()) {
        json.write(rows);
        count++;
      }
      json.flush();
      context.stop().throwIfStopped();
      context.progress(Files.size(file));
      return new ChunkReceipt(name, count, Files.size(file));
    } catch (IOException e) {
      throw ExportException.retryable("not-written", "A chunk can't be written.", e);
    }
  }

  // Step 4: one step that others see, after which nothing can undo it and nothing can come second.
  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    Path place = place(context.jobId(), context.view());
    try {
      context.stop().throwIfStopped();
      if (!Files.exists(place)) {
        if (context.intent() == FinalizeContext.Intent.MERGE) {
          publish(context, place);
        } else {
          withdraw(place);
        }
      }
    } catch (NoSuchFileException e) {
      // Files are gone: earlier attempts, which may be frozen, must not publish after this says so.
      if (Files.exists(staging(context.jobId(), context.view()))) {
        withdraw(place);
      }
      if (!Files.isRegularFile(place)) {
        throw ExportException.permanent("staging-differs", "Files of a chunk are gone.", e);
      }
    } catch (IOException e) {
      throw ExportException.outcomeUnknown("not-published", "Publishing was cut off.", e);
    }
    return answer(context, place);
  }

  private FinalizeStep answer(FinalizeContext context, Path place) {
    if (Files.isRegularFile(place)) {
      long rows = context.receipts().stream().mapToLong(r -> r.receipt().rowCount()).sum();
      return new FinalizeStep.Done(place.toUri().toString(), MergeCounts.of(rows, 0, 0, 0));
    }
    if (context.intent() == FinalizeContext.Intent.WITHDRAW) {
      return new FinalizeStep.Withdrawn();
    }
    throw ExportException.permanent("merge-withdrawn", "The output was withdrawn.", null);
  }

  /** Prepares all of it, asks whether to go on, then makes it appear in one step. */
  private void publish(FinalizeContext context, Path place) throws IOException {
    Path staging = staging(context.jobId(), context.view());
    Path ready = staging.resolve("f" + context.attempt());
    try (OutputStream out = Files.newOutputStream(ready, StandardOpenOption.CREATE_NEW)) {
      for (AcceptedReceipt accepted : context.receipts()) {
        ChunkReceipt receipt = accepted.receipt();
        long lines = append(staging.resolve(receipt.payload()), out);
        if (lines != receipt.rowCount()) {
          throw new NoSuchFileException("some rows of " + receipt.payload());
        }
        context.progress(0);
      }
    }
    context.stop().throwIfStopped();
    try {
      Files.createLink(place, ready);
    } catch (FileAlreadyExistsException another) {
      return; // An attempt that came first; answer() sees which.
    }
  }

  /** Copies a file and counts its lines. */
  private static long append(Path file, OutputStream out) throws IOException {
    long lines = 0;
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        out.write(buffer, 0, length);
        for (int i = 0; i < length; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return lines;
  }

  /** Takes the output's place, unless it is there: now it can't appear any more. */
  private static void withdraw(Path place) {
    try {
      Files.createDirectory(place);
    } catch (FileAlreadyExistsException another) {
      return;
    } catch (IOException e) {
      throw ExportException.outcomeUnknown("not-withdrawn", "Withdrawing was cut off.", e);
    }
  }

  // Step 5: remove what the job left, published output excepted; any number of times.
  @Override
  public void cancelExport(CancelContext context) {
    for (CancelContext.EndedView ended : context.views()) {
      Path place = place(context.jobId(), ended.view());
      context.stop().throwIfStopped();
      try {
        if (ended.merge() == MergeOutcome.UNKNOWN) {
          withdraw(place);
        }
        deleteTree(staging(context.jobId(), ended.view()));
        if (Files.isDirectory(place)) {
          Files.delete(place);
        }
      } catch (IOException e) {
        throw ExportException.retryable("not-cleaned-up", "Staging can't be deleted.", e);
      }
    }
  }

  static void deleteTree(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    }
  }

  private Path target(ExportView view) {
    return root.resolve(view.parameters().getOrDefault(TARGET, ""));
  }

  private Path place(JobId job, ExportView view) {
    return target(view).resolve(job + "-v" + view.index() + ".ndjson");
  }

  private Path staging(JobId job, ExportView view) {
    return target(view).resolve(".staging-" + job + "-v" + view.index());
  }
}
