// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Records kept as JSON files of a storage. */
final class SmallFiles {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final FileStorage storage;

  SmallFiles(FileStorage storage) {
    this.storage = storage;
  }

  void write(String file, Object content) throws IOException {
    try (OutputStream out = storage.create(file)) {
      out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    }
  }

  <T> T read(String file, Class<T> type) throws IOException {
    try (InputStream in = storage.open(file)) {
      return JSON.readValue(in, type);
    }
  }
}
