// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;

/** Takes calls, lets faults happen to them, asks for tokens, and keeps a record. */
final class HttpFront implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Clock clock;
  private final Faults faults;
  private final Tokens tokens;

  HttpFront(Clock clock, Faults faults, Tokens tokens) {
    this.clock = clock;
    this.faults = faults;
    this.tokens = tokens;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
  }

  void start(List<Endpoint> served) {
    endpoints.addAll(served);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  @Override
  public void close() {
    faults.clear();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    String principal = tokens.principal(authorization(exchange)).orElse("");
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Optional<Fault> fault = faults.take(method, path);
    Optional<ApiAnswer> answer;
    if (fault.isPresent() && fault.get().moment() == Fault.Moment.BEFORE_EFFECT) {
      answer = fault.get().answer().map(ApiError::answer);
    } else {
      ApiAnswer real = answer(exchange, principal, text);
      answer = fault.isPresent() ? fault.get().answer().map(ApiError::answer) : Optional.of(real);
    }
    int status = answer.map(ApiAnswer::status).orElse(0);
    calls.add(new Call(method, path, principal, status, clock.instant()));
    if (answer.isPresent()) {
      send(exchange, answer.get());
    } else {
      beSilent(exchange, fault.orElseThrow().silence());
    }
  }

  private void beSilent(HttpExchange exchange, Fault.Silence silence) {
    try {
      if (silence == Fault.Silence.STALL) {
        faults.stall();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  /** A fault of the simulator's own is printed, and answered so that the test at hand fails. */
  @SuppressWarnings("CatchAndPrintStackTrace")
  private ApiAnswer answer(HttpExchange exchange, String principal, String text) {
    try {
      for (Endpoint endpoint : endpoints) {
        Matcher path = endpoint.path().matcher(exchange.getRequestURI().getPath());
        if (endpoint.method().equals(exchange.getRequestMethod()) && path.matches()) {
          if (endpoint.access() == Endpoint.Access.BEARER && principal.isEmpty()) {
            return ApiError.unauthenticated().answer();
          }
          return endpoint
              .handling()
              .answer(
                  new ApiRequest(
                      principal, authorization(exchange), groups(path), query(exchange), text));
        }
      }
      return ApiError.of(404, "ENDPOINT_NOT_FOUND", "No API found for the path.").answer();
    } catch (ApiException e) {
      return e.error().answer();
    } catch (OauthException e) {
      return e.answer();
    } catch (RuntimeException e) {
      e.printStackTrace();
      return ApiError.of(500, "SIMULATOR_BROKEN", e.toString()).answer();
    }
  }

  private static void send(HttpExchange exchange, ApiAnswer answer) throws IOException {
    byte[] body = ApiRequest.JSON.writeValueAsBytes(answer.body());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String authorization(HttpExchange exchange) {
    return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
  }

  private static List<String> groups(Matcher path) {
    List<String> groups = new ArrayList<>();
    for (int i = 1; i <= path.groupCount(); i++) {
      groups.add(path.group(i));
    }
    return groups;
  }

  private static Map<String, List<String>> query(HttpExchange exchange) {
    Map<String, List<String>> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          query
              .computeIfAbsent(decoded(pair.substring(0, equals)), name -> new ArrayList<>())
              .add(decoded(pair.substring(equals + 1)));
        }
      }
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
