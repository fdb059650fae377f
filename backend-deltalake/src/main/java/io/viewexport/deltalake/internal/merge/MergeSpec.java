// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is merged into what, and how.
 *
 * @param target the directory of the target, in the storage's spelling
 * @param schema the staged columns
 * @param mode what happens to rows whose key the target has
 * @param key the columns that name a row, as the view spells them; in mode history the timestamp
 *     column is one of them
 * @param timestamp the column that tells newer from older
 */
public record MergeSpec(
    String target,
    LakeSchema schema,
    MergeMode mode,
    List<String> key,
    Optional<String> timestamp) {

  /** Copies the key. */
  public MergeSpec {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(timestamp, "timestamp");
    key = List.copyOf(key);
  }

  /** What a view's settings ask for. */
  public static MergeSpec of(String target, ExportView view) {
    var settings = view.settings();
    List<String> key = new ArrayList<>(settings.mergeKey());
    if (settings.mergeMode() == MergeMode.HISTORY) {
      settings.timestampColumn().filter(column -> !key.contains(column)).ifPresent(key::add);
    }
    return new MergeSpec(
        target,
        LakeSchema.of(view.description().schema()),
        settings.mergeMode(),
        key,
        settings.timestampColumn());
  }

  /** Whether rows of the target may be changed or removed. */
  boolean rewrites() {
    return switch (mode) {
      case INSERT, HISTORY -> false;
      case UPSERT, REPLACE -> true;
    };
  }
}
