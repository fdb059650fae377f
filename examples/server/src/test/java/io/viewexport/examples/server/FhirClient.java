// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client of the operation, over real HTTP. */
final class FhirClient {
  static final String OPERATION = "$viewdefinition-export";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long POLL_MILLIS = 50;

  private final String base;
  private final String user;
  private final List<String> headers;

  FhirClient(String base, String user) {
    this(base, user, List.of());
  }

  private FhirClient(String base, String user, List<String> headers) {
    this.base = base;
    this.user = user;
    this.headers = headers;
  }

  /** A client that sends a header in a line before its own. */
  FhirClient with(String header, String value) {
    return new FhirClient(base, user, List.of(header, value));
  }

  HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    byte[] pair = (user + ":").getBytes(StandardCharsets.UTF_8);
    String credentials = Base64.getEncoder().encodeToString(pair);
    URI uri = URI.create(path.startsWith("http:") ? path : base + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    request
        .header("Authorization", "Basic " + credentials)
        .header("Prefer", "respond-async")
        .header("Content-Type", "application/fhir+json")
        .method(method, HttpRequest.BodyPublishers.ofString(body));
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send("GET", path, "");
  }

  /** Polls until it is over; the last answer. */
  HttpResponse<String> poll(String status) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<String> answer = get(status);
    while (answer.statusCode() == 202) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("not over: " + answer.body());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      answer = get(status);
    }
    return answer;
  }

  static String location(HttpResponse<String> kickOff) {
    return kickOff.headers().firstValue("Content-Location").orElseThrow();
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }

  /** Parameters of an export of a view to a table. */
  static String parameters(String view, Path table) {
    return """
    {"resourceType": "Parameters", "parameter": [{"name": "view", "part": [
      {"name": "viewReference", "valueReference": {"reference": "ViewDefinition/%s"}},
      {"name": "tablePath", "valueUrl": "%s"}, {"name": "chunkCount", "valueInteger": 4}]}]}
    """
        .formatted(view, table);
  }
}
