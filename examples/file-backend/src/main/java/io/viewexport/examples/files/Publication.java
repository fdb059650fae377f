// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.examples.files.StagedChunks.StagedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call to finalize a view: makes the output appear, or makes sure that it never will.
 *
 * <p>Both are the same step, a folder published in the same place: the output itself, or one that
 * says that it was withdrawn. Whichever comes first stays. So nobody has to know which attempts
 * still run: what a frozen one does later comes second.
 */
final class Publication {
  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

  private final FileStorage storage;
  private final SmallFiles files;
  private final FileTarget target;
  private final FinalizeContext context;
  private final ExportView view;
  private final Layout layout;
  private final String place;
  private final String doing;

  Publication(FileStorage storage, FileTarget target, FinalizeContext context) {
    this.storage = storage;
    this.files = new SmallFiles(storage);
    this.target = target;
    this.context = context;
    this.view = context.view();
    this.layout = new Layout(target.folder(), context.jobId());
    this.place = layout.target(view);
    this.doing = doing(context);
  }

  /** The beginning of a message that says that a view was not published. */
  static String doing(FinalizeContext context) {
    return "View " + context.view().index() + " of job " + context.jobId() + " not published";
  }

  FinalizeStep run() {
    boolean withdrawing = context.intent() == FinalizeContext.Intent.WITHDRAW;
    Outcome outcome = lookUp().orElseGet(withdrawing ? this::withdraw : this::publishOrEnd);
    return switch (outcome) {
      case PUBLISHED -> done();
      case WITHDRAWN -> {
        if (!withdrawing) {
          throw ExportException.permanent("merge-withdrawn", doing + ": it was withdrawn.", null);
        }
        yield new FinalizeStep.Withdrawn();
      }
    };
  }

  private Optional<Outcome> lookUp() {
    try {
      return Outcome.of(storage, place);
    } catch (IOException e) {
      throw beforeLookUp(context, FileFailures.of(e, doing));
    }
  }

  /** What to report of a failure that came before it was known what earlier attempts did. */
  static ExportException beforeLookUp(FinalizeContext context, ExportException failure) {
    boolean mayHaveBegun =
        context.attempt() > 1 || context.intent() == FinalizeContext.Intent.WITHDRAW;
    return mayHaveBegun ? unknown(failure) : failure;
  }

  private static ExportException unknown(ExportException failure) {
    return ExportException.outcomeUnknown(
        "publication-outcome-unknown",
        failure.message() + " So it is not known whether it was published before.",
        failure);
  }

  private FinalizeStep done() {
    try {
      String manifest = place + "/" + FileManifest.FILE_NAME;
      long rows = files.read(manifest, FileManifest.class).rowCount();
      return new FinalizeStep.Done(
          storage.location(manifest).toString(), MergeCounts.of(rows, 0, 0, 0));
    } catch (IOException e) {
      throw unknown(FileFailures.of(e, doing));
    }
  }

  private Outcome withdraw() {
    try {
      context.stop().throwIfStopped();
      String folder = layout.withdrawal(view.index(), "f" + context.attempt());
      return Outcome.withdraw(storage, layout, view, folder, context.stop());
    } catch (IOException e) {
      throw unknown(FileFailures.of(e, doing));
    }
  }

  /** A failure for good speaks for earlier attempts, too, which may only be frozen. */
  private Outcome publishOrEnd() {
    try {
      return publish();
    } catch (ExportException e) {
      boolean mustEndOthers = e.kind() == FailureKind.PERMANENT && context.attempt() > 1;
      if (mustEndOthers && withdraw() == Outcome.PUBLISHED) {
        return Outcome.PUBLISHED;
      }
      throw e;
    }
  }

  private Outcome publish() {
    try {
      context.stop().throwIfStopped();
      List<StagedFile> staged = new StagedChunks(storage, context, layout, doing).files(target);
      String folder = layout.publication(view.index(), context.attempt());
      prepare(folder, staged);
      return show(folder);
    } catch (IOException e) {
      throw FileFailures.of(e, doing);
    }
  }

  /** Makes the folder that will appear as a whole. */
  private void prepare(String folder, List<StagedFile> staged) throws IOException {
    storage.createFolder(folder);
    List<FileManifest.PartFile> parts = new ArrayList<>();
    for (StagedFile file : staged) {
      context.stop().throwIfStopped();
      String name = Layout.partName(parts.size(), target);
      storage.linkOrCopy(file.path(), folder + "/" + name);
      parts.add(new FileManifest.PartFile(name, file.part().rowCount(), file.part().byteCount()));
      context.progress(0);
    }
    files.write(folder + "/" + FileManifest.FILE_NAME, manifest(parts));
  }

  private FileManifest manifest(List<FileManifest.PartFile> parts) {
    return new FileManifest(
        context.jobId().value(),
        view.name(),
        view.description().name().toString(),
        target.format().code(),
        target.compression().code(),
        view.description().schema().columns().stream()
            .map(column -> new FileManifest.Column(column.name(), column.type().toString()))
            .toList(),
        parts.stream().mapToLong(FileManifest.PartFile::rowCount).sum(),
        parts);
  }

  /** The one step that others see, right after the stop signal was asked. */
  private Outcome show(String folder) throws IOException {
    context.stop().throwIfStopped();
    storage.createFolders(layout.published());
    try {
      context.stop().throwIfStopped();
      if (storage.publish(folder, place)) {
        LOG.info("job={} view={} published", context.jobId(), view.index());
        return Outcome.PUBLISHED;
      }
      return Outcome.of(storage, place).orElseThrow(() -> new IOException("neither there nor not"));
    } catch (IOException e) {
      return lookUpAfter(e);
    } finally {
      tidy();
    }
  }

  /** The step may have been done though it failed. */
  private Outcome lookUpAfter(IOException failed) throws IOException {
    Optional<Outcome> outcome;
    try {
      outcome = Outcome.of(storage, place);
    } catch (IOException e) {
      failed.addSuppressed(e);
      throw unknown(FileFailures.of(failed, doing));
    }
    if (outcome.isEmpty()) {
      throw failed;
    }
    return outcome.get();
  }

  /** The job's folder must not stay behind empty. */
  private void tidy() {
    try {
      storage.deleteIfEmpty(layout.published());
    } catch (IOException leftToCleanUp) {
      LOG.debug("job={} folder not removed: {}", context.jobId(), leftToCleanUp.getClass());
    }
  }
}
