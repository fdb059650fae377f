// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.viewexport.api.view.ViewName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps what the next incremental export of a view to a table begins with: the {@code nextSince} of
 * the last one that was completed. Three lines: the time, the view, the table.
 */
final class SinceFile {
  private final Path file;
  private final ViewName view;
  private final Path table;

  /** The file of these arguments' export. */
  SinceFile(Path file, Arguments arguments) {
    this.file = file;
    this.view = arguments.view();
    this.table = arguments.target();
  }

  /**
   * What to begin with; empty: with all rows, as there was no export yet, or its table is gone.
   *
   * @throws QuickstartException where the file is of another export, or can't be read
   */
  Optional<Instant> read() {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != 3 || !lines.subList(1, 3).equals(owner())) {
        throw new QuickstartException(
            file + " is not of this view and this table; name another file.");
      }
      boolean tableIsThere = Files.isDirectory(table.resolve("_delta_log"));
      return tableIsThere ? Optional.of(Instant.parse(lines.get(0))) : Optional.empty();
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException | DateTimeException e) {
      throw new QuickstartException(file + " can't be read; mend it, or begin without it.", e);
    }
  }

  /** Has the next export begin here; the file is there as a whole or as it was. */
  void write(Instant nextSince) {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(Objects.requireNonNullElse(file.getParent(), file));
      Files.writeString(draft, nextSince + "\n" + String.join("\n", owner()) + "\n");
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new QuickstartException(
          "The export is complete, but "
              + file
              + " can't be written: the next run begins where this one did.",
          e);
    }
  }

  private List<String> owner() {
    return List.of(view.toString(), table.toString());
  }
}
