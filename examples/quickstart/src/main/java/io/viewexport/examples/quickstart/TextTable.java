// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/** Lays rows out as a table of text. */
final class TextTable {
  private static final int MAX_WIDTH = 16;

  private TextTable() {}

  /**
   * The lines of a table: the header, a rule, the rows.
   *
   * @param lineWidth the most characters a line may have; columns that don't fit are left out and
   *     counted in the last line
   */
  static List<String> render(List<String> header, List<List<String>> rows, int lineWidth) {
    List<Integer> widths = new ArrayList<>();
    int used = 0;
    for (int column = 0; column < header.size(); column++) {
      int width = width(header, rows, column);
      used += width + (column == 0 ? 0 : 2);
      if (used > lineWidth && column > 0) {
        break;
      }
      widths.add(width);
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(header, widths));
    lines.add(line(widths.stream().map("-"::repeat).toList(), widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    if (widths.size() < header.size()) {
      lines.add(
          "and of each row also: "
              + String.join(", ", header.subList(widths.size(), header.size())));
    }
    return lines;
  }

  private static int width(List<String> header, List<List<String>> rows, int column) {
    int width = shown(header.get(column)).length();
    for (List<String> row : rows) {
      width = Math.max(width, shown(row.get(column)).length());
    }
    return width;
  }

  private static String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.size(); column++) {
      String cell = shown(cells.get(column));
      line.append(column == 0 ? "" : "  ").append(cell);
      line.append(" ".repeat(widths.get(column) - cell.length()));
    }
    return line.toString().stripTrailing();
  }

  private static String shown(String cell) {
    String clean = cell.replaceAll("\\p{Cntrl}", " ");
    return clean.length() <= MAX_WIDTH ? clean : clean.substring(0, MAX_WIDTH - 1) + "…";
  }
}
