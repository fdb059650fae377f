// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.viewexport.core.fhir.ExportOperation;
import io.viewexport.core.fhir.OperationRequest;
import io.viewexport.core.fhir.OperationResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.eclipse.jetty.server.handler.ErrorHandler;

/** A small server: the export operations, what describes them, and nothing else. */
final class LightServer implements HttpServer {
  private static final List<HandlerType> METHODS =
      List.of(
          HandlerType.GET,
          HandlerType.POST,
          HandlerType.PUT,
          HandlerType.PATCH,
          HandlerType.DELETE);

  private final ExportOperation operation;
  private final String base;
  private final int maxBodyBytes;
  private final Javalin server;

  private LightServer(ExportOperation operation, String base, int maxBodyBytes) {
    this.operation = operation;
    this.base = base;
    this.maxBodyBytes = maxBodyBytes;
    this.server = Javalin.create(this::configure);
  }

  /** Starts it on a port of the loopback interface. */
  static LightServer start(int port, ExportOperation operation, String base, int maxBodyBytes) {
    LightServer started = new LightServer(operation, base, maxBodyBytes);
    started.server.start("127.0.0.1", port);
    return started;
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    ErrorHandler plain = new ErrorHandler();
    plain.setShowStacks(false);
    config.jetty.modifyServer(jetty -> jetty.setErrorHandler(plain));
    for (HandlerType method : METHODS) {
      config.routes.addHttpHandler(method, BASE + "/<path>", this::answer);
    }
    config.routes.exception(
        Exception.class,
        (failure, context) ->
            send(500, FhirContent.outcome("exception", "The server failed."), context));
    config.routes.error(404, LightServer::nothingHere);
  }

  private void answer(Context context) throws IOException {
    String path = context.req().getPathInfo().substring(BASE.length());
    String id = path.replaceFirst("^/OperationDefinition/", "");
    String definition = operation.operationDefinitions(base).get(id);
    boolean reads = context.method().equals(HandlerType.GET);
    if (ExportOperation.owns(path)) {
      send(operation.handle(request(context, path)), context);
    } else if (reads && path.equals("/metadata")) {
      send(200, FhirContent.capabilityStatement(operation, base), context);
    } else if (reads && definition != null) {
      send(200, definition, context);
    } else {
      context.status(404);
    }
  }

  private OperationRequest request(Context context, String path) throws IOException {
    OperationRequest.Builder request = OperationRequest.builder(context.req().getMethod(), path);
    for (String name : Collections.list(context.req().getHeaderNames())) {
      for (String value : Collections.list(context.req().getHeaders(name))) {
        request.header(name, value);
      }
    }
    String query = context.queryString();
    request.query(query == null ? "" : query);
    DemoUser.of(context.header("Authorization")).ifPresent(request::principal);
    return request.body(context.bodyInputStream().readNBytes(maxBodyBytes + 1)).build();
  }

  private static void send(OperationResponse from, Context context) {
    from.headers().forEach(context::header);
    context.status(from.status()).result(from.body());
  }

  private static void send(int status, String body, Context context) {
    send(new OperationResponse(status, FhirContent.HEADERS, body), context);
  }

  private static void nothingHere(Context context) {
    String said = context.result();
    if (said == null || said.isEmpty() || !said.startsWith("{")) {
      send(404, FhirContent.outcome("not-found", "There is nothing at this path."), context);
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
