// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Calls the workspace once per call, repeating nothing. */
final class PlainClient {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;
  private String authorization = "Bearer none";
  private Duration patience = Duration.ofSeconds(60);

  PlainClient(URI url) {
    this.url = url;
  }

  void setPatience(Duration patience) {
    this.patience = patience;
  }

  Answer signIn(String client, String secret) throws IOException, InterruptedException {
    String both = client + ":" + secret;
    Answer answer =
        send(
            request("/oidc/v1/token")
                .setHeader(
                    "Authorization",
                    "Basic "
                        + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "grant_type=client_credentials&scope=all-apis"))
                .build());
    if (answer.status() == 200) {
      authorization = "Bearer " + answer.json().path("access_token").asText();
    }
    return answer;
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  Answer post(String path, String body) throws IOException, InterruptedException {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path))
        .timeout(patience)
        .setHeader("Authorization", authorization);
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(
        response.statusCode(),
        response.body(),
        response.headers().firstValue("Retry-After").orElse(""));
  }

  /** What came back. */
  record Answer(int status, String text, String retryAfter) {
    JsonNode json() {
      try {
        return ApiRequest.JSON.readTree(text);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
