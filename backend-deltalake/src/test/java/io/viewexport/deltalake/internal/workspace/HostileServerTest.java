// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import static io.viewexport.deltalake.testing.ScriptedServer.TOKENS;
import static io.viewexport.deltalake.testing.ScriptedServer.json;
import static io.viewexport.deltalake.testing.ScriptedServer.withHeader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viewexport.api.ExportException;
import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.WorkspaceLimits;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall.Repeat;
import io.viewexport.deltalake.testing.ScriptedServer;
import io.viewexport.deltalake.testing.SteppedPause;
import io.viewexport.testkit.ManualStop;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileServerTest {
  private static final String PATH = "/api/2.0/thing";

  private final ScriptedServer server = new ScriptedServer();
  private final ManualStop stop = new ManualStop();

  @AfterEach
  void close() {
    server.close();
  }

  private WorkspaceApi workspace(String url, Duration requestTimeout) {
    WorkspaceLimits limits =
        new WorkspaceLimits(
            requestTimeout, requestTimeout, requestTimeout, Duration.ofMinutes(15), 1000);
    return HttpWorkspace.create(
        WorkspaceUrl.parse(url),
        limits,
        () -> ClientCredentials.of("client", "hidden-secret"),
        new SteppedPause());
  }

  /** Of a call that must not be repeated: so it is made once. */
  private WorkspaceException failure(Duration requestTimeout) {
    WorkspaceCall call =
        new WorkspaceCall("POST", PATH, Optional.empty(), Repeat.IF_NOT_APPLIED, stop);
    WorkspaceApi workspace = workspace(server.url(), requestTimeout);
    return catchThrowableOfType(WorkspaceException.class, () -> workspace.call(call));
  }

  private WorkspaceException failure() {
    return failure(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>Jane Doe</html>",
        "{\"a\":",
        "{} {}",
        "Jane",
        "{\"a\":01}",
        "\u0000",
        "{'a':1}"
      })
  void whatIsNoJsonIsCalledSoAndNotQuoted(String body) {
    server.script(PATH, json(200, body));

    WorkspaceException failure = failure();

    assertThat(failure.errorCode()).isEqualTo(WorkspaceException.ANSWER_NOT_JSON);
    assertThat(failure.effect()).isEqualTo(WorkspaceException.Effect.UNKNOWN);
    assertThat(failure).hasNoCause();
  }

  @Test
  void jsonNestedWithoutEndIsRefused() {
    server.script(PATH, json(200, "[".repeat(1_000_000)), json(403, "[".repeat(1_000_000)));

    assertThat(failure().errorCode()).isEqualTo(WorkspaceException.ANSWER_NOT_JSON);
    assertThat(failure().status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 403, 500})
  void aBodyThatIsTooLargeIsNotTaken(int status) {
    server.script(
        PATH,
        exchange -> {
          exchange.sendResponseHeaders(status, 0);
          byte[] part = new byte[64 * 1024];
          for (int sent = 0; sent < 10 * 1024 * 1024; sent += part.length) {
            exchange.getResponseBody().write(part);
          }
        });

    assertThat(failure().errorCode()).isEqualTo(WorkspaceException.ANSWER_TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowed(int status) {
    try (ScriptedServer other = new ScriptedServer()) {
      server.script(PATH, withHeader("Location", other.url() + PATH, json(status, "{}")));

      WorkspaceException failure = failure();

      assertThat(failure.errorCode()).isEqualTo(WorkspaceException.REDIRECTED);
      assertThat(failure.effect()).isEqualTo(WorkspaceException.Effect.NONE);
      assertThat(other.asked()).isEmpty();
      assertThat(server.count(PATH)).isEqualTo(1);
    }
  }

  @Test
  void theSecretIsNotSentWhereTheTokenEndpointPoints() {
    try (ScriptedServer other = new ScriptedServer()) {
      server.script(TOKENS, withHeader("Location", other.url() + TOKENS, json(307, "{}")));

      assertThat(
              catchThrowableOfType(
                  ExportException.class,
                  () ->
                      workspace(server.url(), Duration.ofMinutes(1))
                          .call(WorkspaceCall.get(PATH, stop))))
          .satisfies(failure -> assertThat(failure.code()).isEqualTo("not-a-workspace"));
      assertThat(other.asked()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerThatDoesNotEndIsGivenUp(boolean headersSent) {
    CountDownLatch release = new CountDownLatch(1);
    server.script(
        PATH,
        exchange -> {
          if (headersSent) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
          }
          HttpWorkspaceTest.awaitQuietly(release);
        });

    WorkspaceException failure = failure(Duration.ofSeconds(2));

    release.countDown();
    assertThat(failure.errorCode()).isEqualTo(WorkspaceException.TIMED_OUT);
    assertThat(failure.effect()).isEqualTo(WorkspaceException.Effect.UNKNOWN);
  }

  @Test
  void anAnswerThatBreaksOffIsLost() {
    server.script(
        PATH,
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        });

    assertThat(failure().errorCode()).isEqualTo(WorkspaceException.ANSWER_LOST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 999999 Jane\r\n\r\n",
        "Jane Doe\r\n\r\n",
        "HTTP/1.1 200 OK\r\nJane: Doe\u0001\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nJane\r\n",
        "\r\n\r\n",
        ""
      })
  void whatIsNoHttpIsAFailureThatQuotesNothing(String raw) throws Exception {
    assertThat(rawFailure(out -> out.write(raw.getBytes(StandardCharsets.ISO_8859_1))))
        .isInstanceOf(ExportException.class)
        .hasMessageNotContaining("Jane")
        .satisfies(HostileServerTest::causesAreSilent);
  }

  @Test
  void aFloodOfHeadersIsNoMoreThanAFailure() throws Exception {
    byte[] header = ("X-Flood: " + "x".repeat(8000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    Throwable failure =
        rawFailure(
            out -> {
              out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
              for (int sent = 0; sent < 4000; sent++) {
                out.write(header);
              }
              out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            });

    assertThat(failure).isInstanceOf(ExportException.class);
  }

  private static void causesAreSilent(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain("Jane");
    }
  }

  /** Writes an answer. */
  @FunctionalInterface
  private interface RawReply {
    void to(OutputStream out) throws IOException;
  }

  /** What a call fails by where these bytes answer all requests, beginning with the token's. */
  private Throwable rawFailure(RawReply reply) throws Exception {
    List<Socket> open = new CopyOnWriteArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (ServerSocket raw = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      threads.execute(
          () -> {
            while (!raw.isClosed()) {
              accept(raw, open, threads, reply);
            }
          });
      WorkspaceApi workspace =
          workspace("http://127.0.0.1:" + raw.getLocalPort(), Duration.ofSeconds(5));
      return catchThrowable(() -> workspace.call(WorkspaceCall.get(PATH, stop)));
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
      threads.shutdownNow();
    }
  }

  private static void accept(
      ServerSocket raw, List<Socket> open, ExecutorService threads, RawReply reply) {
    try {
      Socket socket = raw.accept();
      open.add(socket);
      threads.execute(() -> answer(socket, reply));
    } catch (IOException | RejectedExecutionException ended) {
      assertThat(ended).isNotNull();
    }
  }

  private static void answer(Socket socket, RawReply reply) {
    try (socket) {
      assertThat(socket.getInputStream().read(new byte[4096])).isPositive();
      reply.to(socket.getOutputStream());
    } catch (IOException clientLeft) {
      assertThat(clientLeft).isNotNull();
    }
  }
}
