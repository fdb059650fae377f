// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Signs clients in by their secret. Safe for use by many threads. */
public final class Tokens {
  private final Clock clock;
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final Map<String, Token> valid = new ConcurrentHashMap<>();
  private final AtomicInteger issued = new AtomicInteger();
  private volatile Duration lifetime = Duration.ofHours(1);

  Tokens(Clock clock) {
    this.clock = clock;
  }

  /** Lets a client in, with this secret from now on. */
  public void addClient(String id, String secret) {
    secrets.put(id, secret);
  }

  /** Lets tokens live so long from now on. */
  public void setLifetime(Duration lifetime) {
    this.lifetime = lifetime;
  }

  /** Makes every token that was given out invalid. */
  public void revokeAll() {
    valid.clear();
  }

  /** The tokens that hold. */
  public Set<String> values() {
    return Set.copyOf(valid.keySet());
  }

  /** How many tokens were given out. */
  public int issued() {
    return issued.get();
  }

  List<Endpoint> endpoints(String url) {
    return List.of(
        Endpoint.open("POST", "/oidc/v1/token", this::issue),
        Endpoint.open("GET", "/oidc/.well-known/oauth-authorization-server", r -> discovery(url)),
        Endpoint.open("GET", "/.well-known/databricks-config", r -> hostConfig(url)));
  }

  /** Whom a header lets in. */
  Optional<String> principal(String authorization) {
    if (!authorization.startsWith("Bearer ")) {
      return Optional.empty();
    }
    Token token = valid.get(authorization.substring("Bearer ".length()));
    return token != null && clock.instant().isBefore(token.expiry())
        ? Optional.of(token.client())
        : Optional.empty();
  }

  private ApiAnswer issue(ApiRequest request) {
    String client = client(request.authorization());
    Map<String, String> form = form(request.text());
    if (!"client_credentials".equals(form.get("grant_type"))) {
      throw oauthError(400, "unsupported_grant_type");
    }
    if (!"all-apis".equals(form.get("scope"))) {
      throw oauthError(400, "invalid_scope");
    }
    // Longer than some servers' limits for a header, as those with many claims are.
    String text = "token-" + UUID.randomUUID() + "x".repeat(4096);
    Duration time = lifetime;
    valid.put(text, new Token(client, clock.instant().plus(time)));
    issued.incrementAndGet();
    ObjectNode body = ApiRequest.JSON.createObjectNode();
    body.put("access_token", text)
        .put("token_type", "Bearer")
        .put("expires_in", time.toSeconds())
        .put("scope", "all-apis");
    return ApiAnswer.ok(body);
  }

  private String client(String authorization) {
    if (authorization.startsWith("Basic ")) {
      byte[] decoded = Base64.getDecoder().decode(authorization.substring("Basic ".length()));
      String[] parts = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
      if (parts.length == 2 && parts[1].equals(secrets.get(parts[0]))) {
        return parts[0];
      }
    }
    throw oauthError(401, "invalid_client");
  }

  private static Map<String, String> form(String text) {
    Map<String, String> form = new HashMap<>();
    Arrays.stream(text.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> form.put(decoded(pair[0]), decoded(pair[1])));
    return form;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static OauthException oauthError(int status, String error) {
    return new OauthException(status, error);
  }

  private static ApiAnswer discovery(String url) {
    ObjectNode body = ApiRequest.JSON.createObjectNode();
    body.put("issuer", url + "/oidc")
        .put("authorization_endpoint", url + "/oidc/v1/authorize")
        .put("token_endpoint", url + "/oidc/v1/token");
    return ApiAnswer.ok(body);
  }

  private static ApiAnswer hostConfig(String url) {
    return ApiAnswer.ok(ApiRequest.JSON.createObjectNode().put("oidc_endpoint", url + "/oidc"));
  }

  private record Token(String client, Instant expiry) {}
}
