// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.MergeOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Removes what a job left behind: all of its staging, nothing that was published. */
final class CleanUp {
  private final FileStorage storage;
  private final CancelContext context;
  private final List<ExportException> failures = new ArrayList<>();
  private final Set<String> folders = new LinkedHashSet<>();

  CleanUp(FileStorage storage, CancelContext context) {
    this.storage = storage;
    this.context = context;
  }

  /** Does all it can, then throws the first failure. */
  void run() {
    for (CancelContext.EndedView ended : context.views()) {
      attempt(() -> cleanUp(ended));
    }
    for (String folder : folders) {
      attempt(() -> removeEmpty(new Layout(folder, context.jobId())));
    }
    if (!failures.isEmpty()) {
      ExportException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  private void cleanUp(CancelContext.EndedView ended) throws IOException {
    ExportView view = ended.view();
    FileTarget target = FileParameters.accepted(storage, view.parameters());
    folders.add(target.folder());
    Layout layout = new Layout(target.folder(), context.jobId());
    context.stop().throwIfStopped();
    if (ended.merge() == MergeOutcome.UNKNOWN) {
      // Now it will be known, and stay so: only then may the staging go.
      String own = layout.withdrawal(view.index(), "c" + context.attempt());
      Outcome.withdraw(storage, layout, view, own, context.stop());
    }
    context.stop().throwIfStopped();
    storage.deleteTree(layout.staging(view.index()));
    // After the staging: without it nothing can be published in this place any more.
    if (Outcome.of(storage, layout.target(view)).equals(Optional.of(Outcome.WITHDRAWN))) {
      storage.deleteTree(layout.target(view));
    }
  }

  private void removeEmpty(Layout layout) throws IOException {
    context.stop().throwIfStopped();
    storage.deleteIfEmpty(layout.published());
    storage.deleteIfEmpty(layout.stagingOfJob());
    storage.deleteIfEmpty(layout.stagingOfAll());
  }

  private interface Step {
    void run() throws IOException;
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      failures.add(FileFailures.of(e, "Job " + context.jobId() + " not cleaned up"));
    } catch (ExportException e) {
      failures.add(e);
    }
  }
}
