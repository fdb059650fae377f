// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.deltalake.internal.catalog.UnityCatalog.PathAccess;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import io.viewexport.deltalake.internal.workspace.WorkspaceException.Effect;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VendedCredentialsTest {
  private final SteppedPause pause = new SteppedPause();
  private final ManualStop stop = new ManualStop();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Duration left = Duration.ofHours(1);
  private volatile boolean failing;
  private volatile Runnable before = () -> {};

  private final VendedCredentials credentials =
      new UnityCatalog(call -> vend(), pause)
          .credentialsFor("s3://bucket/p", PathAccess.PATH_READ_WRITE, stop);

  private JsonNode vend() {
    int number = asked.incrementAndGet();
    before.run();
    stop.throwIfStopped();
    if (failing) {
      throw new WorkspaceException(Effect.NONE, 403, "PERMISSION_DENIED", List.of(), null, null);
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .putObject("aws_temp_credentials")
        .put("access_key_id", "id-" + number)
        .put("secret_access_key", "hidden-secret")
        .put("session_token", "hidden-token");
    answer.put("expiration_time", pause.now().plus(left).toEpochMilli());
    return answer;
  }

  private String id() {
    return credentials.resolveCredentials().accessKeyId();
  }

  @Test
  void servesThemForHalfTheirTime() {
    assertThat(id()).isEqualTo("id-1");
    pause.advance(Duration.ofMinutes(29));
    assertThat(id()).isEqualTo("id-1");
    pause.advance(Duration.ofMinutes(2));
    assertThat(id()).isEqualTo("id-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT5H", "PT0S", "PT1S", "PT9999H"})
  void aClockFarFromOursNeitherHammersTheCatalogNorMakesThemLastForEver(String text) {
    left = Duration.parse(text);

    assertThat(id()).isEqualTo("id-1");
    assertThat(id()).isEqualTo("id-1");
    pause.advance(Duration.ofHours(12));
    assertThat(id()).isEqualTo("id-2");
  }

  @Test
  void whereTheyCanNotBeRenewedTheOldOnesServeToTheirEnd() {
    id();
    failing = true;
    pause.advance(Duration.ofMinutes(31));
    assertThat(id()).isEqualTo("id-1");
    assertThat(id()).isEqualTo("id-1");
    assertThat(asked).hasValue(2);
    pause.advance(Duration.ofMinutes(10));
    assertThat(id()).isEqualTo("id-1");
    assertThat(asked).hasValue(3);

    pause.advance(Duration.ofMinutes(19));
    assertThat(catchThrowableOfType(ExportException.class, this::id).code())
        .isEqualTo("no-external-use-location-grant");

    failing = false;
    assertThat(id()).isEqualTo("id-5");
  }

  @Test
  void manyThreadsOfAnUploadRenewThemOnce() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    before = () -> await(release);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<String>> ids = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        ids.add(threads.submit(this::id));
      }
      release.countDown();
      for (Future<String> id : ids) {
        assertThat(id.get(60, TimeUnit.SECONDS)).isEqualTo("id-1");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void stopEndsWaitingForAnotherThread() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    before =
        () -> {
          arrived.countDown();
          await(release);
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<String> first = threads.submit(this::id);
      await(arrived);
      Future<String> second = threads.submit(this::id);
      stop.stop(StopReason.JOB_ENDING);

      assertThatThrownBy(() -> second.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ExportStoppedException.class);
      assertThat(first.isDone()).isFalse();
    } finally {
      release.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void printNothing() {
    id();

    assertThat(credentials).hasToString("VendedCredentials[s3://bucket/p]");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
