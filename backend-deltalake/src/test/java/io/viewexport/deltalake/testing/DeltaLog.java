// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A table's log as its JSON files have it, all versions from 0.
 *
 * @param versions their number
 * @param dataCommits how many of them add or remove a file
 * @param files the data files of the last version
 * @param named every data file that was ever added
 */
public record DeltaLog(
    int versions, int dataCommits, TreeSet<String> files, TreeSet<String> named) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the log of the table in this folder. */
  public static DeltaLog read(Path table) throws IOException {
    TreeSet<String> files = new TreeSet<>();
    TreeSet<String> named = new TreeSet<>();
    int dataCommits = 0;
    List<Path> versions = versions(table);
    for (Path version : versions) {
      boolean isDataCommit = false;
      for (String line : Files.readAllLines(version)) {
        JsonNode action = JSON.readTree(line);
        if (action.has("remove")) {
          files.remove(action.get("remove").get("path").asText());
          isDataCommit = true;
        } else if (action.has("add")) {
          files.add(action.get("add").get("path").asText());
          isDataCommit = true;
        }
      }
      named.addAll(files);
      dataCommits += isDataCommit ? 1 : 0;
    }
    return new DeltaLog(versions.size(), dataCommits, files, named);
  }

  private static List<Path> versions(Path table) throws IOException {
    try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
      return log.filter(file -> file.getFileName().toString().matches("[0-9]{20}\\.json"))
          .sorted()
          .toList();
    }
  }
}
