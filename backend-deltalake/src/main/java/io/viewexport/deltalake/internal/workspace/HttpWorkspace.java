// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.WorkspaceLimits;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** A workspace called over HTTP, as a service principal. */
public final class HttpWorkspace implements WorkspaceApi {
  /** Reasons for a 401 that another token does not cure. */
  private static final String NOT_THE_TOKEN = "UNITY_CATALOG_EXTERNAL_GENERATE_";

  /** Where anybody may ask how tokens are had. */
  private static final String DISCOVERY = "/oidc/.well-known/oauth-authorization-server";

  private final WorkspaceUrl url;
  private final WorkspaceLimits limits;
  private final Pause pause;
  private final Guard guard;
  private final Repeats repeats;
  private final TokenSource tokens;

  private HttpWorkspace(
      WorkspaceUrl url, WorkspaceLimits limits, Pause pause, Guard guard, TokenSource tokens) {
    this.url = url;
    this.limits = limits;
    this.pause = pause;
    this.guard = guard;
    this.tokens = tokens;
    repeats = new Repeats(pause);
  }

  /**
   * A workspace; nothing is called yet.
   *
   * @param credentials asked at each new token
   * @param pause what it waits by
   */
  public static HttpWorkspace create(
      WorkspaceUrl url,
      WorkspaceLimits limits,
      Supplier<ClientCredentials> credentials,
      Pause pause) {
    Transport transport = new Transport(limits.connectTimeout());
    Guard guard = new Guard(transport, limits, pause, url.toString());
    TokenSource tokens = new TokenSource(url, credentials, guard, pause);
    return new HttpWorkspace(url, limits, pause, guard, tokens);
  }

  /**
   * Gets a token, where there is none that holds for minutes.
   *
   * @throws io.viewexport.api.ExportException where the workspace gives none
   */
  public void signIn(StopSignal stop) {
    tokens.token(Deadline.after(limits.callDeadline(), pause), stop);
  }

  /**
   * Whether anything answers at its URL, and what time it is there; as nobody, once.
   *
   * @return empty where the answer does not tell
   * @throws io.viewexport.api.ExportException where nothing answers
   */
  public Optional<Instant> askTime(StopSignal stop) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(DISCOVERY)).GET();
    Deadline deadline = Deadline.after(limits.requestTimeout(), pause);
    try {
      return guard.send(request, WorkspaceCall.Repeat.ALWAYS, deadline, stop).date();
    } catch (WorkspaceException e) {
      throw WorkspaceFailures.passing(e, "Workspace " + url + " not reached");
    }
  }

  @Override
  public JsonNode call(WorkspaceCall call) {
    Deadline deadline = Deadline.after(limits.callDeadline(), pause);
    return repeats.run(call.repeat(), deadline, call.stop(), () -> withToken(call, deadline));
  }

  /** Once, or twice where the first token is refused: then the call had no effect. */
  private JsonNode withToken(WorkspaceCall call, Deadline deadline) {
    AccessToken token = tokens.token(deadline, call.stop());
    try {
      return send(call, token, deadline);
    } catch (WorkspaceException e) {
      if (!isForToken(e)) {
        throw e;
      }
      tokens.drop(token);
      return send(call, tokens.token(deadline, call.stop()), deadline);
    }
  }

  private static boolean isForToken(WorkspaceException e) {
    return e.status() == Statuses.UNAUTHORIZED
        && e.reasons().stream().noneMatch(reason -> reason.startsWith(NOT_THE_TOKEN));
  }

  private JsonNode send(WorkspaceCall call, AccessToken token, Deadline deadline) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(call.path()))
            .header("Authorization", token.authorization())
            .header("Accept", "application/json")
            .header("User-Agent", "viewexport");
    if (call.body().isPresent()) {
      request
          .header("Content-Type", "application/json")
          .method(call.method(), BodyPublishers.ofString(call.body().get().toString()));
    } else {
      request.method(call.method(), BodyPublishers.noBody());
    }
    return guard.send(request, call.repeat(), deadline, call.stop()).json();
  }

  /** Its URL. */
  @Override
  public String toString() {
    return url.toString();
  }
}
