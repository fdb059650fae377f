// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.util.ArrayList;
import java.util.List;

/**
 * The name of the relation that a view's rows are read from, as the source's catalog has it: case
 * and every character kept, nothing quoted.
 *
 * @param schema such as {@code sof}
 * @param name such as {@code patient_flat}
 */
public record ViewName(String schema, String name) {

  /**
   * Checks that both parts are there and free of NUL.
   *
   * @param schema such as {@code sof}
   * @param name such as {@code patient_flat}
   */
  public ViewName {
    for (String part : List.of(schema, name)) {
      if (part.isEmpty() || part.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a view is named schema.name, such as sof.patient_flat");
      }
    }
  }

  /**
   * Reads {@code schema.name}. A part that holds a dot is put in double quotes, a quote in it
   * doubled: {@code sof."my.view"}. Case is kept, also outside quotes.
   *
   * @param text such as {@code sof.patient_flat}
   * @return the name
   * @throws IllegalArgumentException where it is not two parts; the message says what is
   */
  public static ViewName parse(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        part.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    if (quoted || parts.size() != 2) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no view: write schema.name, such as sof.patient_flat");
    }
    return new ViewName(parts.get(0), parts.get(1));
  }

  /** {@code schema.name}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return quote(schema) + "." + quote(name);
  }

  private static String quote(String part) {
    return part.indexOf('.') >= 0 || part.indexOf('"') >= 0
        ? '"' + part.replace("\"", "\"\"") + '"'
        : part;
  }
}
