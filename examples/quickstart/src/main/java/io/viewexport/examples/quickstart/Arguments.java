// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ViewName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the command is asked to do.
 *
 * @param database whose view; empty: an embedded PostgreSQL
 * @param view the view
 * @param target the table's folder, absolute
 * @param chunks how many slices
 * @param key the columns that name a row
 * @param timestamp the column that tells newer from older
 * @param mergeMode what happens to known rows; empty: the library's default
 * @param since only rows not older than this
 * @param sinceFile where it stands what the next run begins with; empty: it is not kept
 * @param store where jobs are kept
 * @param resources files to load first, in this order
 * @param viewScript SQL to run before the export
 * @param sampleRows how many observations to generate where there is nothing else to export
 */
record Arguments(
    Optional<JdbcUrl> database,
    ViewName view,
    Path target,
    int chunks,
    List<String> key,
    Optional<String> timestamp,
    Optional<MergeMode> mergeMode,
    Optional<Instant> since,
    Optional<Path> sinceFile,
    StoreKind store,
    List<Path> resources,
    Optional<Path> viewScript,
    int sampleRows) {

  Arguments {
    key = List.copyOf(key);
    resources = List.copyOf(resources);
    if (!target.isAbsolute()) {
      throw new IllegalArgumentException("the target must be absolute: " + target);
    }
  }

  /** The merge mode that will hold: the one asked for, or the library's default. */
  MergeMode effectiveMode() {
    boolean incremental = since.isPresent() || sinceFile.isPresent();
    return mergeMode.orElse(incremental ? MergeMode.UPSERT : MergeMode.INSERT);
  }

  /** These arguments, for rows that changed then or later. */
  Arguments from(Instant time) {
    return new Arguments(
        database,
        view,
        target,
        chunks,
        key,
        timestamp,
        mergeMode,
        Optional.of(time),
        sinceFile,
        store,
        resources,
        viewScript,
        sampleRows);
  }

  /** Whether resources have to be generated, as there is nothing of the user's own to export. */
  boolean needsSamples() {
    return database.isEmpty() && resources.isEmpty();
  }
}
