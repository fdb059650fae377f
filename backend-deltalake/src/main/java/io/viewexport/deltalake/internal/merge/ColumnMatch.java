// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which staged column goes to which column of the target. Names that differ in case alone are the
 * same column, under the target's spelling; a column that the target lacks is added to it.
 *
 * @param columns one for each staged column, in their order
 * @param targetColumns the columns of the target, then those to be added
 * @param targetOnly the columns of the target for which nothing is staged
 */
record ColumnMatch(List<Pair> columns, StructType targetColumns, List<StructField> targetOnly) {

  /**
   * A staged column and its place in the target.
   *
   * @param staged its name in the staging table
   * @param stagedType its type there
   * @param field the column of the target
   * @param isNew whether the target lacks it yet
   */
  record Pair(String staged, DataType stagedType, StructField field, boolean isNew) {
    boolean isSame() {
      return staged.equals(field.getName()) && stagedType.equals(field.getDataType());
    }
  }

  static ColumnMatch of(LakeSchema staged, StructType target) {
    Map<String, StructField> byName = new HashMap<>();
    target.fields().forEach(field -> byName.put(lowerCase(field.getName()), field));
    List<Pair> pairs = new ArrayList<>();
    Set<StructField> used = new HashSet<>();
    StructType all = target;
    for (ViewColumn column : staged.columns()) {
      DataType type = LakeSchema.deltaType(column.type());
      StructField field = byName.get(lowerCase(column.name()));
      if (field == null) {
        StructField added = new StructField(column.name(), type, true);
        pairs.add(new Pair(column.name(), type, added, true));
        all = all.add(added);
      } else {
        pairs.add(new Pair(column.name(), type, field, false));
        used.add(field);
      }
    }
    return new ColumnMatch(
        List.copyOf(pairs),
        all,
        target.fields().stream().filter(field -> !used.contains(field)).toList());
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Whether the target lacks a column. */
  boolean addsColumns() {
    return columns.stream().anyMatch(Pair::isNew);
  }

  /** Whether a staged file can become a file of the target as it is. */
  boolean isSame() {
    return columns.stream().allMatch(Pair::isSame);
  }

  /** The pair of a staged column. */
  Pair pair(String staged) {
    return columns.stream()
        .filter(pair -> pair.staged().equals(staged))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nothing staged as " + staged));
  }

  /**
   * The staged columns under the target's names and types, in the order in which they are staged.
   */
  StructType targetSchema() {
    return new StructType(
        columns.stream()
            .map(pair -> new StructField(pair.field().getName(), pair.field().getDataType(), true))
            .toList());
  }

  /** The staged columns under their own names, with the target's types: how to read them. */
  StructType stagedSchema() {
    return new StructType(
        columns.stream()
            .map(pair -> new StructField(pair.staged(), pair.field().getDataType(), true))
            .toList());
  }
}
