// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server on this machine that answers as told: the replies of a path one after the other, the
 * last one again and again. Keeps what it was asked.
 */
public final class ScriptedServer implements AutoCloseable {
  /** The path of tokens; answers with {@code token-1}, {@code token-2} … unless told otherwise. */
  public static final String TOKENS = "/oidc/v1/token";

  /** Writes an answer. */
  @FunctionalInterface
  public interface Reply {
    /** Writes it. */
    void to(HttpExchange exchange) throws IOException;
  }

  /**
   * What was asked.
   *
   * @param line such as {@code GET /api/x?y=1}
   * @param authorization the header; empty text where there was none
   * @param body what was sent
   */
  public record Asked(String line, String authorization, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Deque<Reply>> replies = new HashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private int tokens;

  /** Listens. */
  public ScriptedServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().toString();
    asked.add(
        new Asked(
            exchange.getRequestMethod() + " " + path,
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse(""),
            body));
    next(path).to(exchange);
    exchange.close();
  }

  private synchronized Reply next(String path) {
    Deque<Reply> left = replies.get(path);
    if (left != null) {
      return left.size() > 1 ? left.remove() : left.element();
    }
    if (path.equals(TOKENS)) {
      tokens++;
      return json(200, token("token-" + tokens, 3600));
    }
    return json(404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"\"}");
  }

  /** The answer to a request for a token. */
  public static String token(String token, int seconds) {
    return "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
        .formatted(token, seconds);
  }

  /** What the path answers from now on. */
  public synchronized void script(String path, Reply... then) {
    replies.put(path, new ArrayDeque<>(List.of(then)));
  }

  /** An answer with a body of JSON, or of what claims to be. */
  public static Reply json(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** That, with a header. */
  public static Reply withHeader(String name, String value, Reply reply) {
    return exchange -> {
      exchange.getResponseHeaders().set(name, value);
      reply.to(exchange);
    };
  }

  /** A refusal with a code and, where they aren't empty, a reason and a word in its metadata. */
  public static Reply refusal(int status, String code, String reason, String metadata) {
    return json(
        status,
        """
        {"error_code":"%s","message":"Jane Doe may not","details":[
          {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"%s",
           "metadata":{"msg":"%s"}}]}\
        """
            .formatted(code, reason, metadata));
  }

  /** No answer: the connection ends. */
  public static Reply hangUp() {
    return HttpExchange::close;
  }

  /** What was asked, in its order. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** How often a path was asked. */
  public long count(String path) {
    return asked.stream().filter(each -> each.line().endsWith(" " + path)).count();
  }

  /** What was asked of a path. */
  public List<Asked> asked(String path) {
    return new ArrayList<>(
        asked.stream().filter(each -> each.line().endsWith(" " + path)).toList());
  }

  /** Its URL, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
