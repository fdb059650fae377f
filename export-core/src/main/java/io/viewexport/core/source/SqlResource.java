// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Loads the fixed statements, which lie beside the classes as files. */
final class SqlResource {
  private SqlResource() {}

  /** The text of a statement; {@code name} without {@code .sql}. */
  static String load(String name) {
    String path = "PostgresViewSource/" + name + ".sql";
    try (InputStream in = SqlResource.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("can't read from the class path: " + path, e);
    }
  }
}
