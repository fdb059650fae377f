// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.view.ViewResolver;
import io.viewexport.core.ExportService;
import io.viewexport.core.store.JobStoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations {@code $viewdefinition-export} and {@code $sql-export}: a request in, a response
 * out. Safe for use by many threads; holds nothing that must be closed.
 *
 * <p>Paths, below the FHIR base:
 *
 * <ul>
 *   <li>{@code POST /$viewdefinition-export}, {@code /ViewDefinition/$viewdefinition-export},
 *       {@code /ViewDefinition/{id}/$viewdefinition-export}, {@code /$sql-export}: kick-off
 *   <li>{@code GET …/status/{exportId}}: status, {@code DELETE}: cancel, below {@code
 *       /ViewDefinition/$viewdefinition-export} and {@code /$sql-export}
 *   <li>{@code GET …/result/{exportId}}: result
 *   <li>{@code GET …/status}: the jobs that the caller may see, newest first
 * </ul>
 */
public final class ExportOperation {
  private static final Logger LOG = LoggerFactory.getLogger(ExportOperation.class);
  private static final Duration TROUBLE_WAIT = Duration.ofSeconds(10);

  private final ExportOperationConfig config;
  private final KickOff kickOff;
  private final JobAnswers jobs;
  private final JobList list;
  private final OperationDefinitions definitions;

  private ExportOperation(
      ExportService exports,
      ViewResolver views,
      ExportOperationConfig config,
      LongSupplier nanoTime) {
    this.config = Objects.requireNonNull(config, "config");
    kickOff = new KickOff(exports, views, config);
    jobs = new JobAnswers(exports, config, nanoTime);
    list = new JobList(exports, config);
    definitions = new OperationDefinitions(exports.backendParameters(), config);
  }

  /** The operations on a service; the host closes the service. */
  public static ExportOperation create(
      ExportService exports, ViewResolver views, ExportOperationConfig config) {
    return create(exports, views, config, System::nanoTime);
  }

  /**
   * The operations on a service, by a clock that a test steps.
   *
   * @param nanoTime the monotonic clock, in nanoseconds
   */
  public static ExportOperation create(
      ExportService exports,
      ViewResolver views,
      ExportOperationConfig config,
      LongSupplier nanoTime) {
    return new ExportOperation(exports, views, config, nanoTime);
  }

  /** Whether a path below the FHIR base is one of the operations'. */
  public static boolean owns(String path) {
    return Route.of(path).isPresent();
  }

  /**
   * The OperationDefinitions of both operations as this server offers them, as JSON by id: for the
   * host to serve as {@code OperationDefinition/{id}}.
   *
   * @param baseUrl the FHIR base, which their canonical URLs begin with
   */
  public Map<String, String> operationDefinitions(String baseUrl) {
    Urls urls = new Urls(ExportOperationConfig.withoutSlash(baseUrl));
    Map<String, String> definitions = new LinkedHashMap<>();
    for (Face face : Face.values()) {
      definitions.put(
          OperationDefinitions.id(face), this.definitions.definition(face, urls).toString());
    }
    return definitions;
  }

  /**
   * The elements of {@code CapabilityStatement.rest.operation}, as a JSON array: for the host to
   * put into its own statement.
   *
   * @param baseUrl the FHIR base
   */
  public String capabilityOperations(String baseUrl) {
    Urls urls = new Urls(ExportOperationConfig.withoutSlash(baseUrl));
    ArrayNode operations = JsonNodeFactory.instance.arrayNode();
    for (Face face : Face.values()) {
      operations
          .addObject()
          .put("name", face.code)
          .put("definition", OperationDefinitions.url(face, urls));
    }
    return operations.toString();
  }

  /** Answers a request. What goes wrong is in the answer. */
  public OperationResponse handle(OperationRequest request) {
    Optional<Route> route = Route.of(request.path());
    if (route.isEmpty()) {
      return Answers.problem(ProblemCode.NO_SUCH_PATH, "There is nothing at this path.");
    }
    Optional<Urls> urls = Urls.of(config, request);
    if (urls.isEmpty()) {
      String text = "The server does not know its own base URL; set baseUrl.";
      return Answers.problem(ProblemCode.INTERNAL, text);
    }
    try {
      return answer(route.get(), request, urls.get());
    } catch (ExportException failed) {
      return failed(failed);
    } catch (JobStoreException unreachable) {
      LOG.warn("operation {}: the job store can't be reached", route.get().face().code);
      return tryLater("The store of the exports can't be reached now.", TROUBLE_WAIT);
    } catch (RuntimeException unexpected) {
      // Its message may quote a request or a row.
      LOG.error("operation {}: {}", route.get().face().code, unexpected.getClass().getName());
      return Answers.problem(ProblemCode.INTERNAL, "The server failed; its log says more.");
    }
  }

  private OperationResponse answer(Route route, OperationRequest request, Urls urls) {
    if (route.target() == Route.Target.KICK_OFF) {
      return kickOff.answer(route, request, urls);
    }
    boolean deletes = request.method().equals("DELETE");
    if (route.target() == Route.Target.STATUS && deletes) {
      return jobs.cancel(route.id().orElseThrow(), request, urls);
    }
    if (!request.method().equals("GET")) {
      boolean status = route.target() == Route.Target.STATUS;
      Problem problem =
          Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This method is not for this path.");
      return Answers.problems(List.of(problem), Map.of("Allow", status ? "GET, DELETE" : "GET"));
    }
    return switch (route.target()) {
      case STATUS -> jobs.status(route.id().orElseThrow(), request, urls);
      case RESULT -> jobs.result(route.id().orElseThrow(), request, urls);
      case JOBS -> list.answer(route.face(), request, urls);
      case KICK_OFF -> throw new IllegalStateException("answered before");
    };
  }

  private static OperationResponse failed(ExportException failed) {
    if (failed.kind() == FailureKind.PERMANENT) {
      LOG.warn("operation: {}", failed.code());
      return Answers.problem(ProblemCode.INTERNAL, failed.message());
    }
    return tryLater(failed.message(), failed.retryAfter().orElse(TROUBLE_WAIT));
  }

  private static OperationResponse tryLater(String message, Duration wait) {
    return Answers.problems(
        List.of(Problem.of(ProblemCode.TRY_LATER, message)),
        Map.of("Retry-After", Long.toString(Math.max(1, JobBody.seconds(wait)))));
  }
}
