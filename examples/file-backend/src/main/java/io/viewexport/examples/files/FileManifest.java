// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;

/**
 * What an output consists of: the file that its location names, {@value #FILE_NAME} beside the
 * files that it lists.
 *
 * @param exportId the job
 * @param output the name of the output in the request
 * @param view the relation
 * @param format {@code ndjson}, {@code csv}, {@code json} or {@code parquet}
 * @param compression {@code none}, {@code gzip}, {@code zstd} or {@code snappy}
 * @param columns the columns, in their order
 * @param rowCount rows of all files
 * @param files in their order; at least one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FileManifest(
    String exportId,
    String output,
    String view,
    String format,
    String compression,
    List<Column> columns,
    long rowCount,
    List<PartFile> files) {
  /** The name of the file; programs that read all files of a folder skip names that begin so. */
  public static final String FILE_NAME = "_manifest.json";

  /**
   * A column.
   *
   * @param name as the view has it
   * @param type such as {@code STRING} or {@code DECIMAL(10,2)}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Column(String name, String type) {}

  /**
   * A file.
   *
   * @param name in the manifest's folder
   * @param rowCount its rows
   * @param byteCount its size
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PartFile(String name, long rowCount, long byteCount) {}

  /** Copies the lists. */
  public FileManifest {
    columns = List.copyOf(columns);
    files = List.copyOf(files);
  }

  /**
   * Reads the manifest at an output's location.
   *
   * @throws IOException where it can't be read
   */
  public static FileManifest read(URI location) throws IOException {
    try (InputStream in = location.toURL().openStream()) {
      return JsonMapper.builder().build().readValue(in, FileManifest.class);
    }
  }

  /**
   * The URLs of the files: what the FHIR operation calls the locations of an output.
   *
   * @param location where the manifest is, or is offered to others
   */
  public List<URI> locations(URI location) {
    return files.stream().map(file -> location.resolve(file.name())).toList();
  }
}
