// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall.Repeat;
import io.viewexport.deltalake.internal.workspace.WorkspaceException.Effect;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Sends one request and takes its answer; follows nothing, repeats nothing. */
final class Transport {
  /** Far above what any of the calls made here answers. */
  static final int MAX_BYTES = 8 * 1024 * 1024;

  private static final StopSignal.Registration NONE = () -> {};

  private final HttpClient client;

  Transport(Duration connectTimeout) {
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
  }

  /**
   * The answer, whatever its status.
   *
   * @param atMost for all of it
   * @param repeat whether it may be given up when told to stop: then nobody learns what became of
   *     it
   * @throws WorkspaceException where no whole answer came
   */
  Answer send(HttpRequest.Builder request, Duration atMost, Repeat repeat, StopSignal stop) {
    if (atMost.isNegative() || atMost.isZero()) {
      throw failure(Effect.NONE, WorkspaceException.TIMED_OUT, null);
    }
    CompletableFuture<HttpResponse<byte[]>> response =
        client.sendAsync(request.timeout(atMost).build(), info -> new BoundedBody(MAX_BYTES));
    StopSignal.Registration registered =
        repeat == Repeat.ALWAYS ? stop.onStop(() -> response.cancel(true)) : NONE;
    try {
      return Answer.of(response.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      response.cancel(true);
      throw failure(Effect.UNKNOWN, WorkspaceException.TIMED_OUT, e);
    } catch (CancellationException e) {
      stop.throwIfStopped();
      throw failure(Effect.UNKNOWN, WorkspaceException.ANSWER_LOST, e);
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw interrupted(repeat, e);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } finally {
      registered.close();
    }
  }

  private static RuntimeException interrupted(Repeat repeat, InterruptedException e) {
    return repeat == Repeat.ALWAYS
        ? new ExportStoppedException(StopReason.SHUTDOWN)
        : failure(Effect.UNKNOWN, WorkspaceException.INTERRUPTED, e);
  }

  private static WorkspaceException failure(Throwable e) {
    if (e instanceof HttpConnectTimeoutException
        || e instanceof ConnectException
        || e instanceof UnresolvedAddressException
        || e instanceof SSLHandshakeException) {
      return failure(Effect.NONE, WorkspaceException.CONNECT_FAILED, e);
    }
    if (e instanceof HttpTimeoutException) {
      return failure(Effect.UNKNOWN, WorkspaceException.TIMED_OUT, e);
    }
    if (e instanceof BoundedBody.TooLargeException) {
      return failure(Effect.UNKNOWN, WorkspaceException.ANSWER_TOO_LARGE, e);
    }
    return failure(Effect.UNKNOWN, WorkspaceException.ANSWER_LOST, e);
  }

  private static WorkspaceException failure(Effect effect, String code, @Nullable Throwable cause) {
    return new WorkspaceException(
        effect, 0, code, List.of(), null, cause == null ? null : withoutText(cause));
  }

  /** Where it happened and what: the client quotes in its texts what a server sent. */
  private static IOException withoutText(Throwable cause) {
    IOException plain = new IOException(cause.getClass().getName());
    plain.setStackTrace(cause.getStackTrace());
    return plain;
  }
}
