// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.StopSignal;
import java.util.Objects;
import java.util.Optional;

/**
 * One call.
 *
 * @param method such as {@code POST}
 * @param path with its query, such as {@code /api/2.1/unity-catalog/tables/main.fhir.patient};
 *     encoded by the caller
 * @param body what is sent, as JSON
 * @param repeat when it may be made again
 * @param stop ends waiting and repeating
 */
public record WorkspaceCall(
    String method, String path, Optional<JsonNode> body, Repeat repeat, StopSignal stop) {

  /** When a call may be made again after one that failed. */
  public enum Repeat {
    /** Whatever became of the first: reading, and what names the state it leads to. */
    ALWAYS,
    /** Only where the first surely had no effect: never sent, or refused with 429 or 503. */
    IF_NOT_APPLIED
  }

  /** Checks that none is null, and that the path can't lead to another server. */
  public WorkspaceCall {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(repeat, "repeat");
    Objects.requireNonNull(stop, "stop");
    if (!path.startsWith("/") || path.startsWith("//")) {
      throw new IllegalArgumentException("a path starts with one slash: " + path);
    }
  }

  /** A call that reads. */
  public static WorkspaceCall get(String path, StopSignal stop) {
    return new WorkspaceCall("GET", path, Optional.empty(), Repeat.ALWAYS, stop);
  }

  /** A call that deletes what it names. */
  public static WorkspaceCall delete(String path, StopSignal stop) {
    return new WorkspaceCall("DELETE", path, Optional.empty(), Repeat.ALWAYS, stop);
  }

  /** A call that posts. */
  public static WorkspaceCall post(String path, JsonNode body, Repeat repeat, StopSignal stop) {
    return new WorkspaceCall("POST", path, Optional.of(body), repeat, stop);
  }
}
