// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.deltalake.internal.schema.SqlNames;
import io.viewexport.deltalake.internal.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The staged rows of a view as one relation: all staging tables, their columns by name, with the
 * target's types, called {@code c0}, {@code c1} and so on after their place among the staged ones.
 */
final class StagedSource {
  private final WarehouseMatch match;
  private final List<TableName> tables;

  StagedSource(WarehouseMatch match, List<TableName> tables) {
    this.match = match;
    this.tables = List.copyOf(tables);
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("nothing is staged");
    }
  }

  /** What a staged column is called in it. */
  String alias(String staged) {
    return alias(match.columns().indexOf(match.pair(staged)));
  }

  static String alias(int column) {
    return "c" + column;
  }

  /** A query for the columns that are wanted. */
  String sql(Predicate<WarehouseMatch.Pair> wanted) {
    String columns = columns(wanted);
    List<String> branches = new ArrayList<>(tables.size());
    for (TableName table : tables) {
      branches.add("SELECT " + columns + " FROM " + table.sql());
    }
    return union(branches);
  }

  private String columns(Predicate<WarehouseMatch.Pair> wanted) {
    List<String> columns = new ArrayList<>();
    for (int column = 0; column < match.columns().size(); column++) {
      WarehouseMatch.Pair pair = match.columns().get(column);
      if (wanted.test(pair)) {
        String name = SqlNames.quote(pair.staged());
        String value = pair.isCast() ? "CAST(" + name + " AS " + pair.type() + ")" : name;
        columns.add(value + " AS " + alias(column));
      }
    }
    return columns.stream().collect(Collectors.joining(", "));
  }

  /** A balanced tree: one of depth n would exhaust the stack of the engine's parser. */
  private static String union(List<String> branches) {
    int size = branches.size();
    if (size == 1) {
      return branches.get(0);
    } else if (size == 2) {
      return branches.get(0) + "\nUNION ALL " + branches.get(1);
    }
    return "("
        + union(branches.subList(0, size / 2))
        + ")\nUNION ALL ("
        + union(branches.subList(size / 2, size))
        + ")";
  }
}
