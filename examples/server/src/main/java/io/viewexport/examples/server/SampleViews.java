// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ViewDefinitions of the sample views. */
final class SampleViews {
  private static final List<String> IDS =
      List.of("condition-flat", "observation-flat", "patient-flat");

  private SampleViews() {}

  /** Where they are put: beside the tables, not among them. */
  static Path folder(Path lake) {
    return lake.resolveSibling(lake.getFileName() + "-views");
  }

  /** Writes those that are not there; yours stay as they are. */
  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String id : IDS) {
      Path file = folder.resolve(id + ".json");
      try (@Nullable InputStream text =
          SampleViews.class.getResourceAsStream("views/" + id + ".json")) {
        if (text == null) {
          throw new IllegalStateException(id + " is missing from the program");
        }
        if (!Files.exists(file)) {
          Files.copy(text, file);
        }
      }
    }
  }
}
