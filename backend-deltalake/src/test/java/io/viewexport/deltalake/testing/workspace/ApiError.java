// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * A refusal, as the workspace words it.
 *
 * @param errorCode such as {@code PERMISSION_DENIED}
 * @param reason what {@code details[].reason} says; empty text: no details
 * @param metadata of the details
 * @param headers of the answer
 */
public record ApiError(
    int status,
    String errorCode,
    String message,
    String reason,
    Map<String, String> metadata,
    Map<String, String> headers) {

  /** Copies the maps. */
  public ApiError {
    metadata = Map.copyOf(metadata);
    headers = Map.copyOf(headers);
  }

  /** A refusal without details. */
  public static ApiError of(int status, String errorCode, String message) {
    return new ApiError(status, errorCode, message, "", Map.of(), Map.of());
  }

  /** Too many calls. */
  public static ApiError throttled(Duration retryAfter) {
    return new ApiError(
        429,
        "RESOURCE_EXHAUSTED",
        "Too many requests.",
        "",
        Map.of(),
        Map.of("Retry-After", Long.toString(retryAfter.toSeconds())));
  }

  /** The workspace is down for a while. */
  public static ApiError unavailable() {
    return of(503, "TEMPORARILY_UNAVAILABLE", "The service is temporarily unavailable.");
  }

  /** The workspace failed. */
  public static ApiError internal() {
    return of(500, "INTERNAL_ERROR", "Internal error.");
  }

  /** The token is not, or no longer, one of the workspace's. */
  public static ApiError unauthenticated() {
    return of(401, "UNAUTHENTICATED", "The access token is invalid or has expired.");
  }

  /** The metastore lets nobody in from outside. */
  public static ApiError externalAccessDisabled() {
    return catalog(
        403,
        "PERMISSION_DENIED",
        "External access is disabled on the metastore.",
        "EXTERNAL_ACCESS_DISABLED_ON_METASTORE",
        Map.of());
  }

  /** An older form of the same, by which a token looks wrong that is not. */
  public static ApiError outsideComputeDenied() {
    return catalog(
        401,
        "UNAUTHENTICATED",
        "Request from outside of Unity Catalog enabled compute is denied.",
        "UNITY_CATALOG_EXTERNAL_GENERATE_TABLE_CREDENTIALS_DENIED",
        Map.of());
  }

  /**
   * A grant is missing.
   *
   * @param type such as {@code Schema}
   */
  public static ApiError denied(Privilege privilege, String type, String name) {
    return catalog(
        403,
        "PERMISSION_DENIED",
        "User does not have " + privilege.words() + " on " + type + " '" + name + "'.",
        "PERMISSION_DENIED",
        Map.of(
            "principalName",
            "User",
            "msg",
            privilege.words(),
            "resourceType",
            type,
            "resourceName",
            name));
  }

  /** The place is already taken, or is the root of an external location. */
  public static ApiError locationOverlap(String url) {
    return catalog(
        400,
        "INVALID_PARAMETER_VALUE",
        "LOCATION_OVERLAP: Input path url '"
            + url
            + "' overlaps with other external tables or"
            + " storage.",
        "LOCATION_OVERLAP",
        Map.of("path", url));
  }

  /** What the caller names is not there. */
  public static ApiError notFound(String errorCode, String what) {
    return of(404, errorCode, what + " does not exist.");
  }

  /** The request makes no sense. */
  public static ApiError invalid(String message) {
    return of(400, "INVALID_PARAMETER_VALUE", message);
  }

  private static ApiError catalog(
      int status, String errorCode, String message, String reason, Map<String, String> metadata) {
    return new ApiError(status, errorCode, message, reason, metadata, Map.of());
  }

  ApiException exception() {
    return new ApiException(this);
  }

  ApiAnswer answer() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("error_code", errorCode).put("message", message);
    if (!reason.isEmpty()) {
      ObjectNode info = body.putArray("details").addObject();
      info.put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
          .put("reason", reason)
          .put("domain", "unity-catalog.databricks.com");
      ObjectNode texts = info.putObject("metadata");
      metadata.forEach(texts::put);
      body.withArray("details")
          .addObject()
          .put("@type", "type.googleapis.com/google.rpc.RequestInfo")
          .put("request_id", UUID.randomUUID().toString())
          .put("serving_data", "");
    }
    return new ApiAnswer(status, body, headers);
  }
}
