// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The merge modes on rows in memory: as plain as they can be written down, so that faster ones can
 * be compared with it.
 */
final class MemoryMerge {
  private final SampleRows target;
  private final List<List<@Nullable Object>> staged;
  private final int[] key;
  private final int[] stagedColumns;
  private final int timestamp;

  /** The target after a merge, and what changed. */
  record Result(SampleRows rows, MergeCounts counts) {}

  private MemoryMerge(SampleRows target, SampleRows staged, ViewSettings settings) {
    this.target = target;
    this.staged = widened(staged, target.schema()).rows();
    this.key = keyColumns(settings).stream().mapToInt(target::indexOf).toArray();
    this.stagedColumns =
        staged.schema().columns().stream().mapToInt(c -> target.indexOf(c.name())).toArray();
    this.timestamp = settings.timestampColumn().map(target::indexOf).orElse(-1);
  }

  /**
   * Merges rows into a target.
   *
   * @param old {@code null} where there is no target yet
   * @throws ExportException {@code PERMANENT} where keys are NULL or double, or a type differs
   */
  static Result merge(@Nullable SampleRows old, SampleRows staged, ViewSettings settings) {
    checkKeys(staged, settings);
    SampleRows before = old == null ? new SampleRows(staged.schema(), List.of()) : old;
    SampleRows target = widened(before, united(before.schema(), staged.schema()));
    MemoryMerge merge = new MemoryMerge(target, staged, settings);
    return switch (settings.mergeMode()) {
      case INSERT, HISTORY -> merge.insert();
      case UPSERT -> merge.upsert();
      case REPLACE -> merge.replace();
    };
  }

  /** The columns of a target after those of a view have been added to it. */
  static ViewSchema united(ViewSchema target, ViewSchema view) {
    List<ViewColumn> columns = new ArrayList<>(target.columns());
    for (ViewColumn column : view.columns()) {
      Optional<ViewColumn> known = target.find(column.name());
      if (known.isEmpty()) {
        columns.add(column);
      } else if (!known.get().type().equals(column.type())) {
        throw ExportException.permanent(
            "column-type-differs",
            "Column \""
                + column.name()
                + "\" is "
                + known.get().type()
                + " in the target and "
                + column.type()
                + " in the view.",
            null);
      }
    }
    return new ViewSchema(columns);
  }

  private static void checkKeys(SampleRows staged, ViewSettings settings) {
    List<String> names = keyColumns(settings);
    for (String name : names) {
      long nulls = staged.column(name).stream().filter(Objects::isNull).count();
      if (nulls > 0) {
        throw ExportException.permanent(
            "null-key", nulls + " rows have NULL in key column \"" + name + "\".", null);
      }
    }
    if (settings.mergeMode() != MergeMode.REPLACE) {
      int[] key = names.stream().mapToInt(staged::indexOf).toArray();
      long doubled =
          staged.rows().stream()
              .collect(Collectors.groupingBy(row -> pick(row, key), Collectors.counting()))
              .values()
              .stream()
              .filter(count -> count > 1)
              .count();
      if (doubled > 0) {
        throw ExportException.permanent(
            "duplicate-key", doubled + " keys are exported more than once; key: " + names, null);
      }
    }
  }

  private static List<String> keyColumns(ViewSettings settings) {
    List<String> names = new ArrayList<>(settings.mergeKey());
    if (settings.mergeMode() == MergeMode.HISTORY) {
      names.add(settings.timestampColumn().orElseThrow());
    }
    return names;
  }

  private Result insert() {
    Set<List<@Nullable Object>> known = new HashSet<>();
    target.rows().forEach(row -> known.add(pick(row, key)));
    List<List<@Nullable Object>> rows = new ArrayList<>(target.rows());
    staged.stream().filter(row -> !known.contains(pick(row, key))).forEach(rows::add);
    long inserted = (long) rows.size() - target.size();
    return result(rows, inserted, 0, 0, staged.size() - inserted);
  }

  private Result upsert() {
    Map<List<@Nullable Object>, List<@Nullable Object>> rows = new LinkedHashMap<>();
    for (List<@Nullable Object> row : target.rows()) {
      if (rows.put(pick(row, key), row) != null) {
        throw ExportException.permanent(
            "target-key-not-unique", "The target has several rows of one key.", null);
      }
    }
    long updated = 0;
    long unchanged = 0;
    for (List<@Nullable Object> row : staged) {
      List<@Nullable Object> old = rows.get(pick(row, key));
      if (old != null && !replaces(row, old)) {
        unchanged++;
        continue;
      }
      updated += old == null ? 0 : 1;
      rows.put(pick(row, key), old == null ? row : updated(old, row));
    }
    long inserted = rows.size() - (long) target.size();
    return result(List.copyOf(rows.values()), inserted, updated, 0, unchanged);
  }

  private boolean replaces(List<@Nullable Object> row, List<@Nullable Object> old) {
    int order = compareTimes(row.get(timestamp), old.get(timestamp));
    return order > 0 || (order == 0 && !pick(row, stagedColumns).equals(pick(old, stagedColumns)));
  }

  @SuppressWarnings("unchecked")
  private static int compareTimes(@Nullable Object time, @Nullable Object other) {
    if (time == null || other == null) {
      return (time == null ? 0 : 1) - (other == null ? 0 : 1);
    }
    return ((Comparable<Object>) time).compareTo(other);
  }

  /** The old row with the columns of the view taken from the new one. */
  private List<@Nullable Object> updated(List<@Nullable Object> old, List<@Nullable Object> row) {
    List<@Nullable Object> values = new ArrayList<>(old);
    for (int column : stagedColumns) {
      values.set(column, row.get(column));
    }
    return values;
  }

  private Result replace() {
    Map<List<@Nullable Object>, List<List<@Nullable Object>>> wanted = byKey(staged);
    Map<List<@Nullable Object>, List<List<@Nullable Object>>> old = byKey(target.rows());
    Set<List<@Nullable Object>> equalKeys = new HashSet<>();
    long deleted = 0;
    long unchanged = 0;
    for (Map.Entry<List<@Nullable Object>, List<List<@Nullable Object>>> entry :
        wanted.entrySet()) {
      List<List<@Nullable Object>> oldRows = old.getOrDefault(entry.getKey(), List.of());
      if (counted(oldRows).equals(counted(entry.getValue()))) {
        equalKeys.add(entry.getKey());
        unchanged += oldRows.size();
      } else {
        deleted += oldRows.size();
      }
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> row : target.rows()) {
      List<@Nullable Object> keyOfRow = pick(row, key);
      if (!wanted.containsKey(keyOfRow) || equalKeys.contains(keyOfRow)) {
        rows.add(row);
      }
    }
    staged.stream().filter(row -> !equalKeys.contains(pick(row, key))).forEach(rows::add);
    return result(rows, staged.size() - unchanged, 0, deleted, unchanged);
  }

  private Map<List<@Nullable Object>, List<List<@Nullable Object>>> byKey(
      List<List<@Nullable Object>> rows) {
    return rows.stream().collect(Collectors.groupingBy(row -> pick(row, key)));
  }

  private Map<List<@Nullable Object>, Long> counted(List<List<@Nullable Object>> rows) {
    return rows.stream()
        .map(row -> pick(row, stagedColumns))
        .collect(Collectors.groupingBy(Function.identity(), HashMap::new, Collectors.counting()));
  }

  private Result result(
      List<List<@Nullable Object>> rows, long inserted, long updated, long deleted, long same) {
    return new Result(
        new SampleRows(target.schema(), rows), MergeCounts.of(inserted, updated, deleted, same));
  }

  private static SampleRows widened(SampleRows rows, ViewSchema schema) {
    if (rows.schema().equals(schema)) {
      return rows;
    }
    List<List<@Nullable Object>> wide = new ArrayList<>(rows.size());
    for (List<@Nullable Object> row : rows.rows()) {
      List<@Nullable Object> values = new ArrayList<>(schema.size());
      for (ViewColumn column : schema.columns()) {
        int index = rows.schema().indexOf(column.name()).orElse(-1);
        values.add(index < 0 ? null : row.get(index));
      }
      wide.add(values);
    }
    return new SampleRows(schema, wide);
  }

  private static List<@Nullable Object> pick(List<@Nullable Object> row, int[] columns) {
    List<@Nullable Object> values = new ArrayList<>(columns.length);
    for (int column : columns) {
      values.add(row.get(column));
    }
    return Collections.unmodifiableList(values);
  }
}
