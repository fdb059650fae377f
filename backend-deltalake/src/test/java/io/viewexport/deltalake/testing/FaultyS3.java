// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Connections to a store, some requests over which go wrong. Safe for use by many threads. */
public final class FaultyS3 implements SdkHttpClient {

  /** What goes wrong. */
  public enum Fault {
    /** The connection breaks before the request is sent. */
    NOT_SENT,
    /** The store asks to slow down, and does nothing. */
    SLOW_DOWN,
    /** The store says that another request was in the way, and does nothing. */
    CONFLICT,
    /** Credentials that were good a moment ago. */
    EXPIRED,
    /** The store does nothing, and says so in the body of an answer that seems a success. */
    FAILED_IN_SUCCESS,
    /** The request has its effect, and its answer is an internal error. */
    FAILED_AFTER,
    /** The request has its effect, and its answer is lost. */
    ANSWER_LOST
  }

  /** Says what goes wrong with a request. */
  public interface Plan {
    /**
     * The fault, if any.
     *
     * @param number of the request, from 1
     */
    Optional<Fault> fault(int number, SdkHttpRequest request);
  }

  private final SdkHttpClient http;
  private final Plan plan;
  private final AtomicInteger count = new AtomicInteger();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Faults by plan, on connections that are closed with it. */
  public FaultyS3(SdkHttpClient http, Plan plan) {
    this.http = http;
    this.plan = plan;
  }

  /** How many requests there were. */
  public int count() {
    return count.get();
  }

  /** All requests: method, path and the names of parameters. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    SdkHttpRequest http11 = request.httpRequest();
    int number = count.incrementAndGet();
    requests.add(
        http11.method()
            + " "
            + http11.encodedPath()
            + " "
            + String.join(",", http11.rawQueryParameters().keySet()));
    Optional<Fault> fault = plan.fault(number, http11);
    ExecutableHttpRequest real = http.prepareRequest(request);
    return fault.<ExecutableHttpRequest>map(kind -> new Faulty(real, kind)).orElse(real);
  }

  @Override
  public void close() {
    http.close();
  }

  private record Faulty(ExecutableHttpRequest real, Fault fault) implements ExecutableHttpRequest {

    @Override
    public HttpExecuteResponse call() throws IOException {
      switch (fault) {
        case NOT_SENT -> throw new SocketException("broken before");
        case SLOW_DOWN -> {
          return answer(503, "SlowDown");
        }
        case CONFLICT -> {
          return answer(409, "ConditionalRequestConflict");
        }
        case EXPIRED -> {
          return answer(400, "ExpiredToken");
        }
        case FAILED_IN_SUCCESS -> {
          return answer(200, "InternalError");
        }
        case FAILED_AFTER -> {
          drain(real.call());
          return answer(500, "InternalError");
        }
        case ANSWER_LOST -> {
          drain(real.call());
          throw new SocketException("broken after");
        }
      }
      throw new IllegalStateException();
    }

    private static void drain(HttpExecuteResponse response) throws IOException {
      if (response.responseBody().isPresent()) {
        try (var body = response.responseBody().get()) {
          body.readAllBytes();
        }
      }
    }

    private static HttpExecuteResponse answer(int status, String code) {
      byte[] body =
          ("<Error><Code>" + code + "</Code><Message>by plan</Message></Error>")
              .getBytes(StandardCharsets.UTF_8);
      return HttpExecuteResponse.builder()
          .response(
              SdkHttpResponse.builder()
                  .statusCode(status)
                  .putHeader("Content-Type", "application/xml")
                  .putHeader("Content-Length", String.valueOf(body.length))
                  .build())
          .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
          .build();
    }

    @Override
    public void abort() {
      real.abort();
    }
  }
}
