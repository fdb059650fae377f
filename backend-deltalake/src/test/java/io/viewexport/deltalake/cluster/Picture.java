// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.JobId;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * All that there is of a job at one moment.
 *
 * @param files each file, and each folder of the staging, with its time and contents
 * @param rows the job's rows in all tables of the store
 */
record Picture(Map<String, String> files, List<String> rows) {

  static Picture of(JobId job, Path folder) {
    return new Picture(files(folder), rows(job));
  }

  /** Fails with what is new, gone or changed since the other one. */
  void assertSameAs(Picture before) {
    Map<String, String> changed = new TreeMap<>(files);
    changed.entrySet().removeAll(before.files.entrySet());
    assertThat(changed).as("files and folders made or changed").isEmpty();
    assertThat(files.keySet()).as("files and folders").isEqualTo(before.files.keySet());
    assertThat(rows).as("rows of the store").isEqualTo(before.rows);
  }

  private static Map<String, String> files(Path folder) {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(path -> !isPassedOver(path)).toList()) {
        found.put(folder.relativize(path).toString(), describe(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** A pod may take an empty folder back that it made for the table's first commit. */
  private static boolean isPassedOver(Path path) {
    return Files.isDirectory(path) && !path.toString().contains(".viewexport-staging");
  }

  private static String describe(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return "folder";
    }
    CRC32 contents = new CRC32();
    contents.update(Files.readAllBytes(path));
    return Files.getLastModifiedTime(path) + " " + Long.toHexString(contents.getValue());
  }

  private static List<String> rows(JobId job) {
    List<String> found = new ArrayList<>();
    for (List<@Nullable String> table :
        SourceDatabase.query(
            "select table_name, column_name from information_schema.columns"
                + " where table_schema = 'viewexport' and (column_name = 'job_id'"
                + " or table_name = 'job' and column_name = 'id')")) {
      SourceDatabase.query(
              "select to_jsonb(t) from viewexport."
                  + table.get(0)
                  + " t where "
                  + table.get(1)
                  + " = '"
                  + job
                  + "'")
          .forEach(row -> found.add(table.get(0) + " " + row));
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }
}
