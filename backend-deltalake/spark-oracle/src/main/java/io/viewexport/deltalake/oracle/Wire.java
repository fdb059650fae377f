// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The lines between the two JVMs: words parted by tabs. The first is a verb or an answer's kind,
 * the others are cells: {@code -} for NULL, {@code =} and the Base64 of the UTF-8 text for a value.
 * The first cell is the number of the request: answers to several may come mixed.
 */
final class Wire {
  static final String READY = "ready";
  static final String QUERY = "query";
  static final String EXECUTE = "execute";
  static final String SCHEMA = "schema";
  static final String STATEMENT = "statement";
  static final String CANCEL = "cancel";
  static final String COLUMN = "column";
  static final String ROW = "row";
  static final String END = "end";
  static final String ERROR = "error";

  private Wire() {}

  static String line(String verb, List<@Nullable String> cells) {
    StringJoiner line = new StringJoiner("\t");
    line.add(verb);
    for (String cell : cells) {
      line.add(
          cell == null
              ? "-"
              : "=" + Base64.getEncoder().encodeToString(cell.getBytes(StandardCharsets.UTF_8)));
    }
    return line.toString();
  }

  /** The line with the number of its request before its cells. */
  static String line(String verb, String request, List<@Nullable String> cells) {
    List<@Nullable String> all = new ArrayList<>(cells.size() + 1);
    all.add(request);
    all.addAll(cells);
    return line(verb, all);
  }

  static String verb(String line) {
    int tab = line.indexOf('\t');
    return tab < 0 ? line : line.substring(0, tab);
  }

  static List<@Nullable String> cells(String line) {
    String[] words = line.split("\t", -1);
    List<@Nullable String> cells = new ArrayList<>(words.length - 1);
    for (int i = 1; i < words.length; i++) {
      cells.add(
          words[i].equals("-")
              ? null
              : new String(
                  Base64.getDecoder().decode(words[i].substring(1)), StandardCharsets.UTF_8));
    }
    return cells;
  }
}
