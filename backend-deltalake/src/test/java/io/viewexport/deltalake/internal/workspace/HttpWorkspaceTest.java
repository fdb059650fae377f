// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import static io.viewexport.deltalake.testing.ScriptedServer.TOKENS;
import static io.viewexport.deltalake.testing.ScriptedServer.hangUp;
import static io.viewexport.deltalake.testing.ScriptedServer.json;
import static io.viewexport.deltalake.testing.ScriptedServer.refusal;
import static io.viewexport.deltalake.testing.ScriptedServer.withHeader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.WorkspaceLimits;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall.Repeat;
import io.viewexport.deltalake.internal.workspace.WorkspaceException.Effect;
import io.viewexport.deltalake.testing.ScriptedServer;
import io.viewexport.deltalake.testing.SteppedPause;
import io.viewexport.testkit.ManualStop;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpWorkspaceTest {
  private static final String PATH = "/api/2.0/thing";
  private static final WorkspaceLimits LIMITS =
      new WorkspaceLimits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          1000);

  private final ScriptedServer server = new ScriptedServer();
  private final SteppedPause pause = new SteppedPause();
  private final ManualStop stop = new ManualStop();

  @AfterEach
  void close() {
    server.close();
  }

  private WorkspaceApi workspace() {
    return workspace(LIMITS);
  }

  private WorkspaceApi workspace(WorkspaceLimits limits) {
    return HttpWorkspace.create(
        WorkspaceUrl.parse(server.url()),
        limits,
        () -> ClientCredentials.of("client", "hidden-secret"),
        pause);
  }

  private WorkspaceCall get() {
    return WorkspaceCall.get(PATH, stop);
  }

  private WorkspaceCall post(Repeat repeat) {
    JsonNode body = JsonNodeFactory.instance.objectNode().put("a", 1);
    return WorkspaceCall.post(PATH, body, repeat, stop);
  }

  private static WorkspaceException failure(WorkspaceApi workspace, WorkspaceCall call) {
    return catchThrowableOfType(WorkspaceException.class, () -> workspace.call(call));
  }

  @Test
  void asksForATokenOnceAndSendsItWithEveryCall() {
    server.script(PATH, json(200, "{\"x\":7}"), json(200, ""));
    WorkspaceApi workspace = workspace();

    assertThat(workspace.call(post(Repeat.ALWAYS)).path("x").asInt()).isEqualTo(7);
    assertThat(workspace.call(get()).isEmpty()).isTrue();

    assertThat(server.asked(TOKENS))
        .containsExactly(
            new ScriptedServer.Asked(
                "POST " + TOKENS,
                "Basic Y2xpZW50OmhpZGRlbi1zZWNyZXQ=",
                "grant_type=client_credentials&scope=all-apis"));
    assertThat(server.asked(PATH))
        .containsExactly(
            new ScriptedServer.Asked("POST " + PATH, "Bearer token-1", "{\"a\":1}"),
            new ScriptedServer.Asked("GET " + PATH, "Bearer token-1", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "429, ALWAYS, true",
    "500, ALWAYS, true",
    "502, ALWAYS, true",
    "503, ALWAYS, true",
    "504, ALWAYS, true",
    "408, ALWAYS, true",
    "501, ALWAYS, false",
    "400, ALWAYS, false",
    "403, ALWAYS, false",
    "404, ALWAYS, false",
    "409, ALWAYS, false",
    "429, IF_NOT_APPLIED, true",
    "503, IF_NOT_APPLIED, true",
    "500, IF_NOT_APPLIED, false",
    "501, IF_NOT_APPLIED, false",
    "502, IF_NOT_APPLIED, false",
    "504, IF_NOT_APPLIED, false",
    "408, IF_NOT_APPLIED, false",
    "400, IF_NOT_APPLIED, false",
  })
  void repeatsWhatIsSafeToRepeat(int status, Repeat repeat, boolean repeated) {
    server.script(PATH, refusal(status, "SOME_CODE", "", ""), json(200, "{}"));
    WorkspaceApi workspace = workspace();

    if (repeated) {
      assertThat(workspace.call(post(repeat)).isEmpty()).isTrue();
      assertThat(server.count(PATH)).isEqualTo(2);
    } else {
      WorkspaceException failure = failure(workspace, post(repeat));
      assertThat(failure.status()).isEqualTo(status);
      assertThat(failure.errorCode()).isEqualTo("SOME_CODE");
      assertThat(server.count(PATH)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, NONE",
    "403, NONE",
    "408, UNKNOWN",
    "500, UNKNOWN",
    "501, NONE",
    "502, UNKNOWN",
    "504, UNKNOWN",
  })
  void saysWhetherItMayHaveHadItsEffect(int status, Effect effect) {
    server.script(PATH, refusal(status, "SOME_CODE", "", ""));

    assertThat(failure(workspace(), post(Repeat.IF_NOT_APPLIED)).effect()).isEqualTo(effect);
  }

  @Test
  void aLostAnswerIsRepeatedOnlyWhereThatIsAllowed() {
    server.script(PATH, hangUp(), json(200, "{\"x\":1}"));
    assertThat(workspace().call(post(Repeat.ALWAYS)).path("x").asInt()).isEqualTo(1);

    server.script(PATH, hangUp());
    long before = server.count(PATH);
    WorkspaceException lost = failure(workspace(), post(Repeat.IF_NOT_APPLIED));
    assertThat(lost.effect()).isEqualTo(Effect.UNKNOWN);
    assertThat(lost.errorCode()).isEqualTo(WorkspaceException.ANSWER_LOST);
    assertThat(server.count(PATH)).isEqualTo(before + 1);
  }

  @Test
  void aRefusalAfterALostAnswerSaysNothingOfTheFirstTry() {
    server.script(PATH, hangUp(), refusal(403, "PERMISSION_DENIED", "", ""));

    WorkspaceException failure = failure(workspace(), post(Repeat.ALWAYS));

    assertThat(failure.status()).isEqualTo(403);
    assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
  }

  @Test
  void whatCanNotBeReachedHadNoEffectAndIsTriedUntilTheDeadline() {
    WorkspaceApi workspace = workspace();
    server.script(PATH, json(200, "{}"));
    workspace.call(get());
    server.close();
    long start = pause.nanoTime();

    WorkspaceException failure = failure(workspace, post(Repeat.IF_NOT_APPLIED));

    assertThat(failure.effect()).isEqualTo(Effect.NONE);
    assertThat(failure.errorCode())
        .isIn(WorkspaceException.CONNECT_FAILED, WorkspaceException.WORKSPACE_FAILING);
    assertThat(Duration.ofNanos(pause.nanoTime() - start))
        .isBetween(Duration.ofMinutes(3), Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", " 17 "})
  void waitsAsLongAsTheServerAsks(String seconds) {
    server.script(PATH, withHeader("Retry-After", seconds, json(429, "{}")), json(200, "{}"));

    workspace().call(post(Repeat.IF_NOT_APPLIED));

    assertThat(pause.pauses()).containsExactly(Duration.ofSeconds(17));
  }

  @Test
  void takesADateToWaitForByTheServersOwnClock() {
    server.script(
        PATH,
        exchange -> {
          String then =
              DateTimeFormatter.RFC_1123_DATE_TIME.format(
                  Instant.now().plusSeconds(60).atOffset(ZoneOffset.UTC));
          exchange.getResponseHeaders().set("Retry-After", then);
          json(503, "{}").to(exchange);
        },
        json(200, "{}"));

    workspace().call(get());

    assertThat(pause.pauses())
        .singleElement()
        .satisfies(
            waited -> assertThat(waited).isBetween(Duration.ofSeconds(55), Duration.ofSeconds(61)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "soon", "", "9999999999999", "Fri, 99 Zzz 2026 00:00:00 GMT"})
  void takesNoNonsenseForATimeToWait(String text) {
    server.script(PATH, withHeader("Retry-After", text, json(429, "{}")), json(200, "{}"));

    workspace().call(get());

    assertThat(pause.pauses())
        .singleElement()
        .satisfies(waited -> assertThat(waited).isLessThan(Duration.ofSeconds(1)));
  }

  @Test
  void whatIsToBeWaitedForBeyondTheDeadlineIsLeftToTheCaller() {
    server.script(PATH, withHeader("Retry-After", "99999999", json(429, "{}")), json(200, "{}"));

    WorkspaceException failure = failure(workspace(), get());

    assertThat(failure.retryAfter()).contains(Duration.ofMinutes(10));
    assertThat(pause.pauses()).isEmpty();
  }

  @Test
  void waitsLongerAndLongerAndEndsAtTheDeadline() {
    server.script(PATH, json(429, "{\"error_code\":\"RESOURCE_EXHAUSTED\"}"));

    WorkspaceException failure = failure(workspace(), get());

    assertThat(failure.errorCode()).isEqualTo("RESOURCE_EXHAUSTED");
    List<Duration> pauses = pause.pauses();
    assertThat(pauses.get(0)).isLessThan(Duration.ofSeconds(1));
    assertThat(pauses.get(pauses.size() - 1)).isGreaterThan(Duration.ofSeconds(14));
    assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
        .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
  }

  @Test
  void leavesAFailingWorkspaceAloneForAWhile() {
    server.script(PATH, json(500, "{}"));
    WorkspaceApi workspace = workspace();
    for (int call = 0; call < 10; call++) {
      failure(workspace, post(Repeat.IF_NOT_APPLIED));
    }
    long sent = server.count(PATH);
    server.script(PATH, json(200, "{\"x\":1}"));

    assertThat(workspace.call(post(Repeat.IF_NOT_APPLIED)).path("x").asInt()).isEqualTo(1);

    assertThat(server.count(PATH)).isEqualTo(sent + 1);
    assertThat(pause.pauses().stream().reduce(Duration.ZERO, Duration::plus))
        .isGreaterThan(Duration.ofSeconds(9));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 409, 501})
  void aRefusalIsNoFailureOfTheWorkspace(int status) {
    server.script(PATH, refusal(status, "SOME_CODE", "", ""));
    WorkspaceApi workspace = workspace();

    for (int call = 0; call < 40; call++) {
      assertThat(failure(workspace, get()).status()).isEqualTo(status);
    }

    assertThat(server.count(PATH)).isEqualTo(40);
  }

  @Test
  void makesNoMoreCallsASecondThanAllowed() {
    server.script(PATH, json(200, "{}"));
    WorkspaceApi workspace =
        workspace(
            new WorkspaceLimits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                5));
    long start = pause.nanoTime();

    for (int call = 0; call < 24; call++) {
      workspace.call(get());
    }

    assertThat(Duration.ofNanos(pause.nanoTime() - start))
        .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
  }

  @Test
  void aRefusedTokenIsReplacedOnceAlsoWhereACallMustNotBeRepeated() {
    server.script(PATH, refusal(401, "UNAUTHENTICATED", "", ""), json(200, "{\"x\":1}"));

    assertThat(workspace().call(post(Repeat.IF_NOT_APPLIED)).path("x").asInt()).isEqualTo(1);

    assertThat(server.asked(PATH))
        .extracting(ScriptedServer.Asked::authorization)
        .containsExactly("Bearer token-1", "Bearer token-2");
  }

  @Test
  void aSecondRefusalOfTheTokenIsFinal() {
    server.script(PATH, refusal(401, "UNAUTHENTICATED", "", ""));

    WorkspaceException failure = failure(workspace(), get());

    assertThat(failure.status()).isEqualTo(401);
    assertThat(failure.effect()).isEqualTo(Effect.NONE);
    assertThat(server.count(PATH)).isEqualTo(2);
    assertThat(server.count(TOKENS)).isEqualTo(2);
  }

  @Test
  void aRefusalThatIsNotTheTokensFaultCostsNoToken() {
    String reason = "UNITY_CATALOG_EXTERNAL_GENERATE_TABLE_CREDENTIALS_DENIED";
    server.script(PATH, refusal(401, "UNAUTHENTICATED", reason, ""));

    assertThat(failure(workspace(), get()).reasons()).containsExactly(reason);

    assertThat(server.count(PATH)).isEqualTo(1);
    assertThat(server.count(TOKENS)).isEqualTo(1);
  }

  @Test
  void keepsCodesAndDropsText() {
    server.script(
        PATH,
        json(
            403,
            """
            {"error_code":"Jane Doe","message":"row Jane Doe","details":[
              {"reason":"PERMISSION_DENIED","metadata":{"msg":"lacks EXTERNAL USE SCHEMA on x"}},
              {"reason":"no code, Jane Doe"}, 7, null]}\
            """));

    WorkspaceException failure = failure(workspace(), get());

    assertThat(failure.errorCode()).isEmpty();
    assertThat(failure.reasons()).containsExactly("PERMISSION_DENIED", "EXTERNAL_USE_SCHEMA");
    assertThat(failure).hasMessage("HTTP 403 ");
  }

  @Test
  void toldToStopItSendsNothing() {
    stop.stop(StopReason.JOB_ENDING);

    assertThatThrownBy(() -> workspace().call(get())).isInstanceOf(ExportStoppedException.class);

    assertThat(server.asked()).isEmpty();
  }

  @Test
  void stopEndsAReadUnderWayAtOnceAndWaitsForWhatMustNotBeMadeTwice() throws Exception {
    CountDownLatch arrived = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    ScriptedServer.Reply slow =
        exchange -> {
          arrived.countDown();
          awaitQuietly(release);
          json(200, "{\"x\":1}").to(exchange);
        };
    server.script(PATH, slow);
    WorkspaceApi workspace = workspace();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<JsonNode> read = threads.submit(() -> workspace.call(get()));
      Future<JsonNode> submit = threads.submit(() -> workspace.call(post(Repeat.IF_NOT_APPLIED)));
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();

      stop.stop(StopReason.LEASE_LOST);

      assertThatThrownBy(() -> read.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ExportStoppedException.class);
      assertThat(submit.isDone()).isFalse();
      release.countDown();
      assertThat(submit.get(60, TimeUnit.SECONDS).path("x").asInt()).isEqualTo(1);
    } finally {
      release.countDown();
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource({"ALWAYS", "IF_NOT_APPLIED"})
  void anInterruptEndsItAndIsKept(Repeat repeat) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    server.script(
        PATH,
        exchange -> {
          arrived.countDown();
          awaitQuietly(release);
        });
    WorkspaceApi workspace = workspace();
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              awaitQuietly(arrived);
              caller.interrupt();
            });
    interrupter.start();

    Throwable thrown = catchThrowable(() -> workspace.call(post(repeat)));

    assertThat(Thread.interrupted()).isTrue();
    release.countDown();
    interrupter.join();
    if (repeat == Repeat.ALWAYS) {
      assertThat(thrown).isInstanceOf(ExportStoppedException.class);
    } else {
      assertThat(thrown).isInstanceOf(WorkspaceException.class);
      assertThat(((WorkspaceException) thrown).effect()).isEqualTo(Effect.UNKNOWN);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"api/x", "//evil.example/api", "@evil.example/", ".evil.example/", ""})
  void noPathLeadsToAnotherServer(String path) {
    assertThatThrownBy(() -> WorkspaceCall.get(path, stop))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
