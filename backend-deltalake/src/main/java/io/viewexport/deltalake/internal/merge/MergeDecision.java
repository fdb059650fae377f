// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.job.MergeCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is to become of every staged row and every row of the target: a bit for each. */
final class MergeDecision {
  private final BitSet[] staged;
  private final BitSet[] target;
  private final List<Updates> updates = new ArrayList<>();
  private final Map<String, Long> nulls = new TreeMap<>();
  private long duplicates;
  private long notUnique;
  private long inserted;
  private long updated;
  private long deleted;
  private long unchanged;

  /**
   * Rows of the target that keep columns of their own when they are updated, in the order of the
   * target.
   *
   * @param staged the addresses of the rows that update them
   * @param target their addresses
   */
  record Updates(LongList staged, LongList target) {}

  MergeDecision(int stagedFiles, int targetFiles) {
    staged = bitSets(stagedFiles);
    target = bitSets(targetFiles);
  }

  private static BitSet[] bitSets(int count) {
    BitSet[] sets = new BitSet[count];
    Arrays.setAll(sets, index -> new BitSet());
    return sets;
  }

  /** The rows of a staged file that go to the target as they are. */
  BitSet added(int stagedFile) {
    return staged[stagedFile];
  }

  /** The rows of a file of the target that go away, or change. */
  BitSet removed(int targetFile) {
    return target[targetFile];
  }

  /** Updates that keep columns of the target's own. */
  List<Updates> updates() {
    return updates;
  }

  /** How many staged rows have NULL in a key column, by column. */
  Map<String, Long> nulls() {
    return nulls;
  }

  /** How many staged rows have a key that another staged row has. */
  long duplicates() {
    return duplicates;
  }

  /** How many rows of the target have a staged key that another row of the target has. */
  long notUnique() {
    return notUnique;
  }

  /** Whether the target stays as it is. */
  boolean changesNothing() {
    return inserted + updated + deleted == 0;
  }

  MergeCounts counts() {
    return MergeCounts.of(inserted, updated, deleted, unchanged);
  }

  void insert(long stagedRow) {
    add(stagedRow);
    inserted++;
  }

  void add(long stagedRow) {
    staged[RowAddress.file(stagedRow)].set(RowAddress.row(stagedRow));
  }

  void remove(long targetRow) {
    target[RowAddress.file(targetRow)].set(RowAddress.row(targetRow));
  }

  void delete(long targetRow) {
    remove(targetRow);
    deleted++;
  }

  void countUpdate() {
    updated++;
  }

  void countUnchanged(long rows) {
    unchanged += rows;
  }

  void countNull(String column) {
    nulls.merge(column, 1L, Long::sum);
  }

  void countDuplicate() {
    duplicates++;
  }

  void countNotUnique() {
    notUnique++;
  }
}
