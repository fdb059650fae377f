// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A file of resources, one JSON object a line. Empty lines and a byte order mark are passed over.
 */
final class NdjsonFile {
  private static final int BUFFER = 1 << 16;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path file;

  NdjsonFile(Path file) {
    this.file = file;
  }

  /**
   * Adds every resource of the file, one line in memory at a time.
   *
   * @throws QuickstartException naming file and line, never the content
   */
  void copyTo(ResourceTables tables) throws SQLException {
    long number = 0;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()),
            BUFFER)) {
      for (@Nullable String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String json = number == 1 && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
        if (!json.isBlank()) {
          tables.add(ResourceLine.parse(json, file + ", line " + number));
        }
      }
    } catch (CharacterCodingException e) {
      throw new QuickstartException(
          file + ", at or after line " + (number + 1) + ": this is not UTF-8; convert it.", e);
    } catch (NoSuchFileException e) {
      throw new QuickstartException(file + " does not exist; check --resources.", e);
    } catch (IOException e) {
      throw new QuickstartException(file + " can't be read; check --resources.", e);
    }
  }
}
