// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import static io.viewexport.deltalake.testing.ScriptedServer.TOKENS;
import static io.viewexport.deltalake.testing.ScriptedServer.json;
import static io.viewexport.deltalake.testing.ScriptedServer.refusal;
import static io.viewexport.deltalake.testing.ScriptedServer.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.WorkspaceLimits;
import io.viewexport.deltalake.testing.ScriptedServer;
import io.viewexport.deltalake.testing.SteppedPause;
import io.viewexport.testkit.ManualStop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSourceTest {
  private static final String PATH = "/api/2.0/thing";
  private static final int THREADS = 8;

  private final ScriptedServer server = new ScriptedServer();
  private final SteppedPause pause = new SteppedPause();
  private final AtomicReference<ClientCredentials> credentials =
      new AtomicReference<>(ClientCredentials.of("client", "hidden-secret"));
  private final WorkspaceApi workspace =
      HttpWorkspace.create(
          WorkspaceUrl.parse(server.url()), WorkspaceLimits.DEFAULT, credentials::get, pause);
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void close() {
    threads.shutdownNow();
    server.close();
  }

  private JsonNode call() {
    return workspace.call(WorkspaceCall.get(PATH, new ManualStop()));
  }

  private ExportException failure() {
    return catchThrowableOfType(ExportException.class, this::call);
  }

  private List<String> tokensUsed() {
    return server.asked(PATH).stream().map(ScriptedServer.Asked::authorization).toList();
  }

  @Test
  void renewsATokenFiveMinutesBeforeItEnds() {
    server.script(PATH, json(200, "{}"));
    call();
    pause.advance(Duration.ofMinutes(54));
    call();
    pause.advance(Duration.ofMinutes(2));
    call();

    assertThat(tokensUsed()).containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-2");
  }

  @Test
  void oneThreadAsksForTheFirstTokenAndTheOthersWaitForIt() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    server.script(PATH, json(200, "{}"));
    server.script(
        TOKENS,
        exchange -> {
          HttpWorkspaceTest.awaitQuietly(release);
          json(200, token("slow-1", 3600)).to(exchange);
        });
    List<Future<JsonNode>> calls = callFromAllThreads();
    release.countDown();
    for (Future<JsonNode> call : calls) {
      call.get(60, TimeUnit.SECONDS);
    }

    assertThat(server.count(TOKENS)).isEqualTo(1);
    assertThat(tokensUsed()).hasSize(THREADS).containsOnly("Bearer slow-1");
  }

  @Test
  void whileOneThreadRenewsTheOthersGoOnWithTheOldToken() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    server.script(PATH, json(200, "{}"));
    server.script(
        TOKENS,
        json(200, token("old", 3600)),
        exchange -> {
          asked.countDown();
          HttpWorkspaceTest.awaitQuietly(release);
          json(200, token("new", 3600)).to(exchange);
        });
    call();
    pause.advance(Duration.ofMinutes(56));
    Future<JsonNode> renewing = threads.submit(this::call);
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

    call();
    assertThat(tokensUsed()).containsExactly("Bearer old", "Bearer old");
    release.countDown();
    renewing.get(60, TimeUnit.SECONDS);
    call();

    assertThat(tokensUsed()).endsWith("Bearer new", "Bearer new");
    assertThat(server.count(TOKENS)).isEqualTo(2);
  }

  @Test
  void aTokenThatCanNotBeRenewedServesToItsEnd() {
    server.script(PATH, json(200, "{}"));
    server.script(
        TOKENS, json(200, token("old", 3600)), json(401, "{\"error\":\"invalid_client\"}"));
    call();
    pause.advance(Duration.ofMinutes(56));
    call();
    call();
    assertThat(tokensUsed()).containsOnly("Bearer old");
    assertThat(server.count(TOKENS)).isEqualTo(2);

    pause.advance(Duration.ofMinutes(4));
    assertThat(failure().code()).isEqualTo("authentication-refused");
  }

  @Test
  void manyThreadsWithTheSameRefusedTokenReplaceItOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(THREADS);
    server.script(
        PATH,
        exchange -> {
          if (exchange.getRequestHeaders().getFirst("Authorization").equals("Bearer token-1")) {
            all.countDown();
            HttpWorkspaceTest.awaitQuietly(all);
            refusal(401, "UNAUTHENTICATED", "", "").to(exchange);
          } else {
            json(200, "{}").to(exchange);
          }
        });

    for (Future<JsonNode> call : callFromAllThreads()) {
      call.get(60, TimeUnit.SECONDS);
    }

    assertThat(server.count(TOKENS)).isEqualTo(2);
    assertThat(server.count(PATH)).isEqualTo(2 * THREADS);
  }

  private List<Future<JsonNode>> callFromAllThreads() {
    List<Future<JsonNode>> calls = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      calls.add(threads.submit(this::call));
    }
    return calls;
  }

  @Test
  void asksTheHostForTheSecretAtEachNewToken() {
    server.script(PATH, json(200, "{}"));
    call();
    credentials.set(ClientCredentials.of("client", "another"));
    pause.advance(Duration.ofHours(2));
    call();

    assertThat(server.asked(TOKENS))
        .extracting(ScriptedServer.Asked::authorization)
        .containsExactly("Basic Y2xpZW50OmhpZGRlbi1zZWNyZXQ=", "Basic Y2xpZW50OmFub3RoZXI=");
  }

  @Test
  void aHostWithoutCredentialsIsToldSo() {
    credentials.set(null);

    ExportException failure = failure();

    assertThat(failure.code()).isEqualTo("credentials-not-available");
    assertThat(failure.kind()).isEqualTo(FailureKind.RETRYABLE);
    assertThat(server.asked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | invalid_client | PERMANENT | authentication-refused | secret",
        "400 | invalid_client | PERMANENT | authentication-refused | secret",
        "400 | unauthorized_client | PERMANENT | authentication-refused | add it",
        "403 | access_denied | PERMANENT | authentication-refused | add it",
        "400 | invalid_scope | PERMANENT | authentication-refused | enable OAuth",
        "400 | unsupported_grant_type | PERMANENT | authentication-refused | enable OAuth",
        "400 | invalid_request | PERMANENT | authentication-refused | enable OAuth",
        "400 | temporarily_unavailable | RETRYABLE | workspace-unavailable | busy",
        "418 | Jane Doe | PERMANENT | authentication-refused | HTTP 418",
        "404 | '' | PERMANENT | not-a-workspace | URL",
        "405 | '' | PERMANENT | not-a-workspace | URL",
        "302 | '' | PERMANENT | not-a-workspace | URL",
        "429 | '' | RETRYABLE | workspace-unavailable | busy",
        "500 | '' | RETRYABLE | workspace-unavailable | workspace",
        "503 | '' | RETRYABLE | workspace-unavailable | workspace",
      })
  void saysWhatToDoAboutARefusal(
      int status, String error, FailureKind kind, String code, String hint) {
    server.script(
        TOKENS, json(status, "{\"error\":\"" + error + "\",\"error_description\":\"Jane Doe\"}"));

    ExportException failure = failure();

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.message()).contains(hint).contains(server.url()).doesNotContain("Jane");
    assertThat(server.count(PATH)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":\"a\\r\\nX-Evil: 1\"}",
        "{\"access_token\":\"a b\"}",
        "{\"access_token\":\"a\",\"token_type\":\"MAC\"}",
        "{\"access_token\":{\"a\":1}}",
        "[]"
      })
  void takesNothingForATokenThatIsNone(String answer) {
    server.script(TOKENS, json(200, answer));

    assertThat(failure().code()).isEqualTo("authentication-failed");
    assertThat(server.count(PATH)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "0", "1", "\"soon\"", "99999999999999", "null"})
  void takesNoNonsenseForALifetime(String seconds) {
    server.script(PATH, json(200, "{}"));
    server.script(TOKENS, json(200, "{\"access_token\":\"a\",\"expires_in\":" + seconds + "}"));

    call();
    call();
    assertThat(server.count(TOKENS)).isEqualTo(1);
    pause.advance(Duration.ofDays(1));
    call();
    assertThat(server.count(TOKENS)).isEqualTo(2);
  }
}
