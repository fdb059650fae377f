// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.staging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.ExportException;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a chunk's receipt: which staging table the attempt wrote. The same size whatever
 * was written; the table's log names the files.
 *
 * @param path the table's directory, below the staging root
 */
public record StagingReceipt(String path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT = 1;

  /** Checks that there is a path. */
  public StagingReceipt {
    Objects.requireNonNull(path, "path");
  }

  /** The receipt as text. */
  public String payload() {
    try {
      return JSON.writeValueAsString(Map.of("format", FORMAT, "path", path));
    } catch (IOException e) {
      throw new IllegalStateException("a receipt can't be written", e);
    }
  }

  /**
   * Reads what {@link #payload} wrote, on this or another server.
   *
   * @throws ExportException {@code PERMANENT} where it was written by another version that this one
   *     doesn't understand
   */
  public static StagingReceipt parse(String payload) {
    try {
      JsonNode receipt = JSON.readTree(payload);
      if (receipt.path("format").asInt() == FORMAT && receipt.path("path").isTextual()) {
        return new StagingReceipt(receipt.path("path").asText());
      }
    } catch (IOException e) {
      throw notUnderstood(e);
    }
    throw notUnderstood(null);
  }

  private static ExportException notUnderstood(@Nullable Exception cause) {
    return ExportException.permanent(
        "receipt-not-understood",
        "A chunk's receipt was written by another version of this backend; export again.",
        cause);
  }
}
