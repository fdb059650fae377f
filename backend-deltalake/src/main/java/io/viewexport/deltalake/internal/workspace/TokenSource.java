// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.ExportException;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall.Repeat;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;

/** The tokens of a service principal, by OAuth machine-to-machine: one serves all calls. */
final class TokenSource {
  private static final String PATH = "/oidc/v1/token";
  private static final String FORM = "grant_type=client_credentials&scope=all-apis";
  private static final Duration MARGIN = Duration.ofMinutes(5);
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final long DEFAULT_SECONDS = 3600;

  private final WorkspaceUrl url;
  private final Supplier<ClientCredentials> credentials;
  private final Guard guard;
  private final Repeats repeats;
  private final Renewable<AccessToken> tokens;

  TokenSource(WorkspaceUrl url, Supplier<ClientCredentials> credentials, Guard guard, Pause pause) {
    this.url = url;
    this.credentials = credentials;
    this.guard = guard;
    repeats = new Repeats(pause);
    tokens = new Renewable<>(pause);
  }

  /**
   * A token that holds for minutes.
   *
   * @throws ExportException where the workspace gives none
   */
  AccessToken token(Deadline deadline, StopSignal stop) {
    return tokens.get(stop, () -> fetch(deadline, stop));
  }

  /** Takes this very token out of use. */
  void drop(AccessToken token) {
    tokens.drop(token);
  }

  private Renewable.Fresh<AccessToken> fetch(Deadline deadline, StopSignal stop) {
    String authorization = basic();
    try {
      return fresh(
          repeats.run(
              Repeat.ALWAYS,
              deadline,
              stop,
              () -> guard.send(request(authorization), Repeat.ALWAYS, deadline, stop).json()));
    } catch (WorkspaceException e) {
      throw TokenFailures.of(e, url);
    }
  }

  private HttpRequest.Builder request(String authorization) {
    return HttpRequest.newBuilder(url.resolve(PATH))
        .header("Authorization", authorization)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(FORM));
  }

  private String basic() {
    try {
      ClientCredentials given = credentials.get();
      String pair = given.clientId() + ":" + given.clientSecret();
      byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(bytes);
    } catch (RuntimeException e) {
      // Without the cause: what reads secrets may quote them.
      throw TokenFailures.noCredentials(e, url);
    }
  }

  private Renewable.Fresh<AccessToken> fresh(JsonNode answer) {
    String token = answer.path("access_token").asText("");
    String type = answer.path("token_type").asText("Bearer");
    if (!AccessToken.isToken(token) || !type.equalsIgnoreCase("Bearer")) {
      throw TokenFailures.notAToken(url);
    }
    Duration lifetime = lifetime(answer.path("expires_in").asLong(DEFAULT_SECONDS));
    Duration half = lifetime.dividedBy(2);
    Duration margin = half.compareTo(MARGIN) < 0 ? half : MARGIN;
    return new Renewable.Fresh<>(new AccessToken(token), lifetime, lifetime.minus(margin));
  }

  private static Duration lifetime(long seconds) {
    long atLeast = Math.max(seconds, SHORTEST.toSeconds());
    return Duration.ofSeconds(Math.min(atLeast, LONGEST.toSeconds()));
  }
}
