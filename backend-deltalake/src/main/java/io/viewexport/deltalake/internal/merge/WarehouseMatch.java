// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.types.DataType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which staged column goes to which column of a warehouse's table. Names that differ in case alone
 * are the same column, under the target's spelling.
 *
 * @param target the table
 * @param columns one for each staged column, in their order; those that the target lacks under the
 *     name and type that they are to be added with
 * @param missing the staged columns that the target lacks
 * @param problems what keeps the rows out of the target, as sentences; empty where nothing does
 */
public record WarehouseMatch(
    WarehouseTarget target, List<Pair> columns, List<ViewColumn> missing, List<String> problems) {

  /**
   * A staged column and its place in the target.
   *
   * @param staged its name in the staging tables
   * @param name its name in the target
   * @param type its type in the target, as SQL spells it
   * @param isCast whether the staged type is another
   */
  record Pair(String staged, String name, String type, boolean isCast) {}

  /** Copies the lists. */
  public WarehouseMatch {
    columns = List.copyOf(columns);
    missing = List.copyOf(missing);
    problems = List.copyOf(problems);
  }

  /** Matches what is staged with what the target has. */
  public static WarehouseMatch of(LakeSchema staged, WarehouseTarget target) {
    Map<String, WarehouseTarget.Column> free = new HashMap<>();
    target.columns().forEach(column -> free.put(lowerCase(column.name()), column));
    List<Pair> pairs = new ArrayList<>();
    List<ViewColumn> missing = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (ViewColumn column : staged.columns()) {
      DataType type = LakeSchema.deltaType(column.type());
      WarehouseTarget.Column found = free.remove(lowerCase(column.name()));
      if (found == null) {
        missing.add(column);
        pairs.add(new Pair(column.name(), column.name(), SqlTypes.sql(type), false));
      } else {
        pairs.add(pair(column, type, found, problems));
      }
    }
    free.values().stream()
        .filter(column -> !column.nullable())
        .map(column -> quote(column.name()))
        .sorted()
        .forEach(
            column ->
                problems.add(
                    "Column "
                        + column
                        + " is not in the view and NOT NULL; drop the constraint, or add the column"
                        + " to the view."));
    return new WarehouseMatch(target, pairs, missing, problems);
  }

  private static Pair pair(
      ViewColumn column, DataType staged, WarehouseTarget.Column found, List<String> problems) {
    Optional<DataType> type = SqlTypes.parse(found.typeText());
    if (type.isEmpty() || !Widening.fits(staged, type.get())) {
      problems.add(
          "Column "
              + quote(found.name())
              + " is of type "
              + type.map(SqlTypes::sql).orElse(SqlTypes.shown(found.typeText()))
              + ", the view's of type "
              + SqlTypes.sql(staged)
              + ", which does not fit into it; change the type of one of them.");
    }
    DataType there = type.orElse(staged);
    return new Pair(column.name(), found.name(), SqlTypes.sql(there), !there.equals(staged));
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String quote(String name) {
    return '"' + name + '"';
  }

  /** The pair of a staged column. */
  Pair pair(String staged) {
    return columns.stream()
        .filter(pair -> pair.staged().equals(staged))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nothing staged as " + staged));
  }
}
