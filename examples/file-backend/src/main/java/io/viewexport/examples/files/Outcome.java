// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.ExportView;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;

/** What has become of an output. */
enum Outcome {
  /** It is there, all of it. */
  PUBLISHED,
  /** It is not there and never will be: something else is in its place. */
  WITHDRAWN;

  /** What became of an output so far; empty where nothing is in its place yet. */
  static Optional<Outcome> of(FileStorage storage, String place) throws IOException {
    if (storage.exists(place + "/" + FileManifest.FILE_NAME)) {
      return Optional.of(PUBLISHED);
    }
    if (storage.exists(place + "/" + Layout.WITHDRAWN)) {
      return Optional.of(WITHDRAWN);
    }
    if (storage.exists(place)) {
      throw new FileAlreadyExistsException(place);
    }
    return Optional.empty();
  }

  /**
   * Makes sure that an output which is not there won't come any more, whatever attempts still run.
   *
   * @param folder of the caller's own, in the view's staging
   * @return what is in its place now
   */
  static Outcome withdraw(
      FileStorage storage, Layout layout, ExportView view, String folder, StopSignal stop)
      throws IOException {
    String place = layout.target(view);
    try {
      storage.createFolder(folder);
      new SmallFiles(storage)
          .write(folder + "/" + Layout.WITHDRAWN, Map.of("exportId", layout.job().value()));
      stop.throwIfStopped();
      storage.createFolders(layout.published());
      if (storage.publish(folder, place)) {
        return WITHDRAWN;
      }
    } catch (NoSuchFileException stagingIsGone) {
      // And with it whatever was prepared to be published.
      return of(storage, place).orElse(WITHDRAWN);
    }
    return of(storage, place).orElseThrow(() -> new NoSuchFileException(place));
  }
}
