// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The store's fixed statements, each read once from its file. */
final class SqlFiles {
  static final String DEFAULT_SCHEMA = "viewexport";
  private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  /** The schema's name where it stands as such, not as a text in quotes. */
  private static final Pattern NAME = Pattern.compile("(?<!')\\b" + DEFAULT_SCHEMA + "\\b");

  private final String schema;
  private final Map<String, String> statements = new ConcurrentHashMap<>();

  /**
   * Statements for one schema.
   *
   * @param schema lower-case letters, digits and underscores
   */
  SqlFiles(String schema) {
    if (!IDENTIFIER.matcher(schema).matches()) {
      throw new IllegalArgumentException(
          "a schema of the store is named by lower-case letters, digits and underscores: \""
              + schema
              + "\"");
    }
    this.schema = schema;
  }

  /** In quotes: the name may be a word of SQL's own. */
  String quotedSchema() {
    return '"' + schema + '"';
  }

  /** The statement of this name, such as {@code renew}. */
  String statement(String name) {
    return statements.computeIfAbsent(name, file -> read("PostgresJobStore/" + file + ".sql"));
  }

  /** The step that brings the schema to this version. */
  String migration(String file) {
    return read("schema/" + file + ".sql");
  }

  private String read(String path) {
    try (InputStream in = SqlFiles.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the library's file " + path + " is missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.stripLeading().startsWith("--"))
          .map(line -> NAME.matcher(line).replaceAll(quotedSchema()))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("the library's file " + path + " can't be read", e);
    }
  }
}
