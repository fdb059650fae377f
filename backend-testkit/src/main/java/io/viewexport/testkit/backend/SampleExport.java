// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.testkit.SampleRows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A view to be exported.
 *
 * @param target where to
 * @param rows its rows
 * @param chunks into how many chunks it is cut
 * @param mode what happens to known rows
 * @param key the merge key
 * @param more parameters beside those of the target
 */
record SampleExport(
    String target,
    SampleRows rows,
    int chunks,
    MergeMode mode,
    List<String> key,
    Map<String, String> more) {

  static SampleExport of(String target, SampleRows rows) {
    return new SampleExport(target, rows, 1, MergeMode.INSERT, List.of("id"), Map.of());
  }

  SampleExport cut(int count) {
    return new SampleExport(target, rows, count, mode, key, more);
  }

  SampleExport mode(MergeMode wanted) {
    return new SampleExport(target, rows, chunks, wanted, key, more);
  }

  SampleExport key(String... columns) {
    return new SampleExport(target, rows, chunks, mode, List.of(columns), more);
  }

  SampleExport parameter(String name, String value) {
    Map<String, String> all = new HashMap<>(more);
    all.put(name, value);
    return new SampleExport(target, rows, chunks, mode, key, all);
  }

  /** The options, with the timestamp column of the samples where the view has it. */
  ViewOptions options() {
    ViewOptions.Builder options =
        ViewOptions.builder().chunkCount(chunks).mergeMode(mode).mergeKey(key);
    timestampColumn().ifPresent(options::timestampColumn);
    return options.build();
  }

  private Optional<String> timestampColumn() {
    return Samples.TIMESTAMPS.stream()
        .filter(name -> rows.schema().find(name).isPresent())
        .findFirst();
  }
}
