// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.schema;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What Delta asks of the columns of a table. */
public final class ColumnRules {
  private static final String REFUSED_CHARACTERS = " ,;{}()=\t\n";

  private ColumnRules() {}

  /**
   * Everything that keeps a view's columns out of a Delta table.
   *
   * @param expression the part of the request that names the view
   */
  public static List<ExportIssue> problems(ViewSchema view, String expression) {
    List<ExportIssue> problems = new ArrayList<>();
    checkCharacters(view, expression, problems);
    checkCase(view, expression, problems);
    checkIsDeleted(view, expression, problems);
    return problems;
  }

  private static void checkCharacters(
      ViewSchema view, String expression, List<ExportIssue> problems) {
    String refused =
        view.columns().stream()
            .map(ViewColumn::name)
            .filter(ColumnRules::hasRefusedCharacter)
            .map(ColumnRules::quote)
            .collect(Collectors.joining(", "));
    if (!refused.isEmpty()) {
      problems.add(
          ExportIssue.of(
              "unsupported-column-name",
              "Delta tables can't have columns named "
                  + refused
                  + ": none of space, tab, line break and ,;{}()= may be in a name;"
                  + " rename them in the view.",
              expression));
    }
  }

  private static boolean hasRefusedCharacter(String name) {
    return name.chars().anyMatch(c -> REFUSED_CHARACTERS.indexOf(c) >= 0);
  }

  private static void checkCase(ViewSchema view, String expression, List<ExportIssue> problems) {
    Map<String, List<String>> byLowerCase = new LinkedHashMap<>();
    for (ViewColumn column : view.columns()) {
      String lowerCase = column.name().toLowerCase(Locale.ROOT);
      byLowerCase.computeIfAbsent(lowerCase, name -> new ArrayList<>()).add(column.name());
    }
    for (List<String> same : byLowerCase.values()) {
      if (same.size() > 1) {
        String names = same.stream().map(ColumnRules::quote).collect(Collectors.joining(", "));
        problems.add(
            ExportIssue.of(
                "ambiguous-column-names",
                "The columns "
                    + names
                    + " differ only in case, which Delta tables don't tell apart;"
                    + " rename them in the view.",
                expression));
      }
    }
  }

  private static void checkIsDeleted(
      ViewSchema view, String expression, List<ExportIssue> problems) {
    for (ViewColumn column : view.columns()) {
      boolean exact = column.name().equals(LakeSchema.IS_DELETED);
      if (exact ? !isInteger(column.type()) : isOtherCase(column.name())) {
        problems.add(
            ExportIssue.of(
                "is-deleted-column",
                "The column "
                    + quote(column.name())
                    + " ("
                    + column.sourceType()
                    + ") is in the way of the column is_deleted of the table;"
                    + " make it an integer column of exactly that name, or rename it in the view.",
                expression));
      }
    }
  }

  private static boolean isOtherCase(String name) {
    return name.equalsIgnoreCase(LakeSchema.IS_DELETED);
  }

  private static boolean isInteger(ColumnType type) {
    return type.kind() == ColumnType.Kind.INT;
  }

  private static String quote(String name) {
    return '"' + name.replace("\t", "\\t").replace("\n", "\\n") + '"';
  }
}
