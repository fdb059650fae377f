// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.deltalake.ExportParameters.STAGING_TABLE_PATH;
import static io.viewexport.deltalake.ExportParameters.TABLE_PATH;

import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.PathNotAllowedException;
import java.util.Optional;
import java.util.Set;

/** The parameters of mode {@code external-direct}. */
final class DirectParameters {
  /** Those that no other mode has. */
  static final Set<String> OWN = Set.of(TABLE_PATH);

  private static final String DEFAULT_STAGING_SUFFIX = ".viewexport-staging";

  private final LakeStorage storage;

  DirectParameters(LakeStorage storage) {
    this.storage = storage;
  }

  /** The place; empty where there was a problem. */
  Optional<DirectPlace> read(ParameterReader reader, long targetFileBytes) {
    Optional<String> target =
        reader
            .required(TABLE_PATH, "the folder of the table to export to")
            .flatMap(text -> resolve(reader, text, TABLE_PATH));
    boolean ownRoot = reader.text(STAGING_TABLE_PATH).isEmpty();
    return target.flatMap(
        path ->
            staging(reader, path)
                .map(staging -> new DirectPlace(path, staging, ownRoot, targetFileBytes)));
  }

  private Optional<String> staging(ParameterReader reader, String target) {
    Optional<String> text = reader.text(STAGING_TABLE_PATH);
    if (text.isEmpty()) {
      return resolve(reader, target + DEFAULT_STAGING_SUFFIX, TABLE_PATH);
    }
    Optional<String> staging = resolve(reader, text.get(), STAGING_TABLE_PATH);
    if (staging.isPresent() && overlap(staging.get(), target)) {
      reader.problem(
          "overlapping-paths",
          "stagingTablePath and tablePath must not be the same or one inside the other.",
          STAGING_TABLE_PATH);
      return Optional.empty();
    }
    return staging;
  }

  private Optional<String> resolve(ParameterReader reader, String text, String parameter) {
    try {
      return Optional.of(storage.resolve(text));
    } catch (PathNotAllowedException e) {
      reader.problem(e.code(), e.message(), parameter);
      return Optional.empty();
    }
  }

  /** Whether two directories are the same, or one lies in the other. */
  static boolean overlap(String a, String b) {
    return (a + "/").startsWith(b + "/") || (b + "/").startsWith(a + "/");
  }
}
