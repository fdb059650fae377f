// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Connections to a store, of which some go to a server that accepts them, reads nothing and never
 * answers. Safe for use by many threads.
 */
public final class SilentS3 implements SdkHttpClient {

  /** What is silent. */
  public enum Silence {
    /** The store gets nothing. */
    REQUEST_SWALLOWED,
    /** The request has its effect, and no answer. */
    ANSWER_SWALLOWED
  }

  /** Says which requests are met by silence. */
  public interface Plan {
    /** The silence, if any. */
    Optional<Silence> silence(SdkHttpRequest request);
  }

  private static final int SMALL_BUFFER = 4096;

  private final SdkHttpClient http;
  private final SdkHttpClient silent;
  private final Plan plan;
  private final ServerSocket server;
  private final List<Socket> accepted = new CopyOnWriteArrayList<>();

  /**
   * Silence by plan.
   *
   * @param http connections to the store, closed with it
   * @param silent connections to the silent server, closed with it; they may be less patient
   */
  public SilentS3(SdkHttpClient http, SdkHttpClient silent, Plan plan) {
    this.http = http;
    this.silent = silent;
    this.plan = plan;
    try {
      server = new ServerSocket();
      server.setReceiveBufferSize(SMALL_BUFFER);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread accepting = new Thread(this::accept, "silent server");
    accepting.setDaemon(true);
    accepting.start();
  }

  private void accept() {
    try {
      while (true) {
        accepted.add(server.accept());
      }
    } catch (IOException closed) {
      return;
    }
  }

  /** How many requests were met by silence. */
  public int count() {
    return accepted.size();
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return plan.silence(request.httpRequest())
        .map(
            silence ->
                switch (silence) {
                  case REQUEST_SWALLOWED -> silent.prepareRequest(misled(request));
                  case ANSWER_SWALLOWED -> new Unanswered(http.prepareRequest(request), question());
                })
        .orElseGet(() -> http.prepareRequest(request));
  }

  private HttpExecuteRequest misled(HttpExecuteRequest request) {
    SdkHttpRequest real = request.httpRequest();
    HttpExecuteRequest.Builder misled =
        HttpExecuteRequest.builder()
            .request(
                SdkHttpRequest.builder()
                    .method(real.method())
                    .protocol("http")
                    .host(server.getInetAddress().getHostAddress())
                    .port(server.getLocalPort())
                    .encodedPath(real.encodedPath())
                    .rawQueryParameters(real.rawQueryParameters())
                    .headers(real.headers())
                    .build());
    request.contentStreamProvider().ifPresent(misled::contentStreamProvider);
    return misled.build();
  }

  private ExecutableHttpRequest question() {
    return silent.prepareRequest(
        HttpExecuteRequest.builder()
            .request(
                SdkHttpRequest.builder()
                    .method(SdkHttpMethod.GET)
                    .protocol("http")
                    .host(server.getInetAddress().getHostAddress())
                    .port(server.getLocalPort())
                    .encodedPath("/")
                    .build())
            .build());
  }

  /** Waits for silence after the store has answered. */
  private record Unanswered(ExecutableHttpRequest real, ExecutableHttpRequest question)
      implements ExecutableHttpRequest {

    @Override
    public HttpExecuteResponse call() throws IOException {
      HttpExecuteResponse answer = real.call();
      if (answer.responseBody().isPresent()) {
        try (var body = answer.responseBody().get()) {
          body.readAllBytes();
        }
      }
      return question.call();
    }

    @Override
    public void abort() {
      real.abort();
      question.abort();
    }
  }

  @Override
  public void close() {
    http.close();
    silent.close();
    try {
      server.close();
      for (Socket each : accepted) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
