// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The forms that files can have. */
enum FileFormat {
  /** A JSON object on each line. */
  NDJSON,
  /** RFC 4180. */
  CSV,
  /** An array of JSON objects. */
  JSON,
  /** Apache Parquet. */
  PARQUET;

  /** The code in requests, and the ending of file names. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How its files can be compressed; the first is the default. */
  List<Compression> compressions() {
    return switch (this) {
      case NDJSON, CSV, JSON -> List.of(Compression.NONE, Compression.GZIP);
      case PARQUET -> List.of(Compression.ZSTD, Compression.SNAPPY, Compression.NONE);
    };
  }

  /** The format of a code. */
  static Optional<FileFormat> of(String code) {
    return Arrays.stream(values()).filter(format -> format.code().equals(code)).findFirst();
  }

  /** How a file is compressed. */
  enum Compression {
    /** Not at all. */
    NONE,
    /** The whole file, by gzip. */
    GZIP,
    /** The pages inside, by Zstandard. */
    ZSTD,
    /** The pages inside, by Snappy. */
    SNAPPY;

    /** The code in requests. */
    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
