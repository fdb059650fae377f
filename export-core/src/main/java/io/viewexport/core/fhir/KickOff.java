// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ViewResolver;
import io.viewexport.core.ExportService;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers kick-offs: everything that can be refused is refused here, all of it at once. */
final class KickOff {
  private static final Logger LOG = LoggerFactory.getLogger(KickOff.class);
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final int LONGEST_KEY = 255;
  private static final String UNKNOWN_KIND = "unknown-kind";
  private static final String KEY_REUSED = ProblemCode.IDEMPOTENCY_KEY_REUSED.text();

  /** The note by which a repeated request is told from another one of the same key. */
  private static final String DIGEST = "digest";

  private final ExportService exports;
  private final ViewResolver resolver;
  private final ExportOperationConfig config;

  KickOff(ExportService exports, ViewResolver resolver, ExportOperationConfig config) {
    this.exports = exports;
    this.resolver = resolver;
    this.config = config;
  }

  OperationResponse answer(Route route, OperationRequest request, Urls urls) {
    Problems problems = new Problems();
    Optional<OperationResponse> refused = envelope(request, problems);
    if (refused.isPresent()) {
      return refused.get();
    }
    String digest = digest(route, request);
    Optional<ExportJob> running = running(request);
    if (running.isPresent() && problems.isEmpty()) {
      return repeated(running.get(), digest, urls);
    }
    Optional<List<Param>> params = params(route, request, problems);
    if (params.isEmpty()) {
      return Answers.problems(problems.all(), Map.of());
    }
    Wanted wanted =
        new KickOffReader(route.face(), config, exports.backendParameters(), urls, problems)
            .read(params.get(), route.id());
    return submit(route.face(), request, wanted, digest, problems, urls);
  }

  private Optional<ExportJob> running(OperationRequest request) {
    return request
        .header(IDEMPOTENCY_KEY)
        .filter(KickOff::isKey)
        .flatMap(key -> exports.findUnfinished(request.principal(), key));
  }

  private static boolean isKey(String key) {
    return !key.isBlank() && key.length() <= LONGEST_KEY && Values.isText(key);
  }

  /** What is wrong around the body; an answer where the body is not to be looked at. */
  private Optional<OperationResponse> envelope(OperationRequest request, Problems problems) {
    if (!request.method().equals("POST")) {
      Problem problem = Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "An export is started by POST.");
      return Optional.of(Answers.problems(List.of(problem), Map.of("Allow", "POST")));
    }
    if (request.body().length > config.maxBodyBytes()) {
      String text = "The body may have %d bytes.".formatted(config.maxBodyBytes());
      return Optional.of(Answers.problem(ProblemCode.BODY_TOO_LARGE, text));
    }
    String type = request.header("Content-Type").orElse("application/fhir+json");
    if (!type.toLowerCase(Locale.ROOT).contains("json")) {
      String text = "Send the Parameters as application/fhir+json.";
      return Optional.of(Answers.problem(ProblemCode.UNSUPPORTED_MEDIA_TYPE, text));
    }
    boolean async =
        Arrays.stream(request.header("Prefer").orElse("").split("[,;]", -1))
            .anyMatch(preference -> preference.strip().equalsIgnoreCase("respond-async"));
    if (!async) {
      String text = "An export is asynchronous: send the header Prefer: respond-async.";
      problems.add(ProblemCode.PREFER_MISSING, text, "http.prefer");
    }
    if (request.header(IDEMPOTENCY_KEY).filter(key -> !isKey(key)).isPresent()) {
      String text = "The idempotency key has 1 to 255 characters that can be stored.";
      problems.add(ProblemCode.INVALID_VALUE, text, "http.idempotency-key");
    }
    for (String name : Query.names(request.query())) {
      if (!name.equals("_pretty")) {
        problems.add(
            ProblemCode.NOT_SUPPORTED,
            "Put parameters into the body, not into the URL: " + ParametersReader.quote(name) + ".",
            "http.query");
      }
    }
    return Optional.empty();
  }

  /** The parameters; empty where the body holds none, with the reason among the problems. */
  private static Optional<List<Param>> params(
      Route route, OperationRequest request, Problems problems) {
    if (request.body().length == 0 && route.id().isPresent()) {
      return Optional.of(List.of());
    }
    Optional<JsonNode> document = FhirJson.read(request.body(), problems);
    return document.flatMap(new ParametersReader(problems)::read);
  }

  private OperationResponse repeated(ExportJob running, String digest, Urls urls) {
    return digest.equals(running.request().notes().get(DIGEST))
        ? accepted(running, urls)
        : Answers.problem(
            ProblemCode.IDEMPOTENCY_KEY_REUSED,
            "The idempotency key belongs to export %s, which asked for something else; use a new key."
                .formatted(running.id()));
  }

  private OperationResponse submit(
      Face face,
      OperationRequest request,
      Wanted wanted,
      String digest,
      Problems problems,
      Urls urls) {
    List<Wanted.View> found = new ArrayList<>();
    List<ViewRequest> views = new ArrayList<>();
    ViewLookup lookup =
        new ViewLookup(resolver, exports::describeView, config.decimals(), problems);
    for (Wanted.View view : wanted.views()) {
      Optional<ViewRequest> known = lookup.find(view, wanted.options(), request.principal());
      if (known.isPresent()) {
        found.add(view);
        views.add(known.get());
      }
    }
    if (wanted.kind().isEmpty() || views.isEmpty()) {
      return Answers.problems(problems.all(), Map.of());
    }
    ExportRequest.Builder builder = asked(face, request, wanted, views, digest);
    Expressions expressions = new Expressions(face, wanted.given(), found);
    if (!problems.isEmpty()) {
      return refused(check(builder.build()), problems, expressions);
    }
    if (config.advice() == ExportOperationConfig.Advice.IN_STATUS) {
      JobAdvice.add(builder, views, wanted.options(), exports);
    }
    ExportRequest asked = builder.build();
    try {
      return accepted(exports.submit(asked), urls);
    } catch (ExportRefusedException refused) {
      // Another request of the same key was first: what counts is its body, not what came of it.
      Optional<ExportJob> first = isOnly(KEY_REUSED, refused) ? running(request) : Optional.empty();
      if (first.isPresent()) {
        return repeated(first.get(), digest, urls);
      }
      return config.profile() == ResponseProfile.REFERENCE && isOnly(UNKNOWN_KIND, refused)
          ? accepted(exports.submitFailed(asked, unknownKind(refused.issues())), urls)
          : refused(refused.issues(), problems, expressions);
    }
  }

  /** Of a request that is refused anyway, whatever else can be found out about it. */
  private List<ExportIssue> check(ExportRequest asked) {
    try {
      return exports.check(asked);
    } catch (RuntimeException failed) {
      LOG.debug("a request that is refused was not checked to its end: {}", failed.getClass());
      return List.of();
    }
  }

  private static OperationResponse refused(
      List<ExportIssue> issues, Problems problems, Expressions expressions) {
    for (ExportIssue issue : issues) {
      Optional<String> expression = expressions.of(issue);
      boolean missing = ProblemCode.MISSING_PARAMETER.text().equals(issue.code());
      if (missing || !problems.concern(expression)) {
        problems.add(Problem.of(issue, expression));
      }
    }
    return Answers.problems(problems.all(), Map.of());
  }

  private static boolean isOnly(String code, ExportRefusedException refused) {
    return refused.issues().stream().allMatch(issue -> issue.code().equals(code));
  }

  private static FailureCause unknownKind(List<ExportIssue> issues) {
    return new FailureCause(FailureKind.PERMANENT, UNKNOWN_KIND, issues.get(0).message());
  }

  private ExportRequest.Builder asked(
      Face face, OperationRequest request, Wanted wanted, List<ViewRequest> views, String digest) {
    ExportRequest.Builder asked =
        ExportRequest.builder(wanted.kind().orElseThrow()).options(wanted.options());
    views.forEach(asked::view);
    wanted.parameters().forEach(asked::parameter);
    wanted.notes().forEach(asked::note);
    asked.note(Urls.OPERATION, face.code);
    asked.snapshotMode(snapshotMode(face));
    request.principal().ifPresent(asked::principal);
    wanted.clientTrackingId().ifPresent(asked::clientTrackingId);
    request
        .header(IDEMPOTENCY_KEY)
        .ifPresent(key -> asked.idempotencyKey(key).note(DIGEST, digest));
    return asked;
  }

  /** Shared only where this server has a connection for it beside that of a chunk. */
  private SnapshotMode snapshotMode(Face face) {
    boolean wanted =
        switch (config.snapshots()) {
          case SQL_EXPORT -> face == Face.SQL_EXPORT;
          case ALWAYS -> true;
          case NEVER -> false;
        };
    return wanted && exports.sharesSnapshots() ? SnapshotMode.SHARED : SnapshotMode.PER_CHUNK;
  }

  private static OperationResponse accepted(ExportJob job, Urls urls) {
    ParametersBody body = new ParametersBody();
    body.string("exportId", job.id().value());
    job.request().clientTrackingId().ifPresent(id -> body.string("clientTrackingId", id));
    body.code("status", "accepted");
    body.uri("location", urls.status(job)).uri("cancelUrl", urls.status(job));
    return Answers.json(202, Map.of("Content-Location", urls.status(job)), body.json());
  }

  private static String digest(Route route, OperationRequest request) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String what = route.face().code + " " + route.id().orElse("") + "\n";
      digest.update(what.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(request.body()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
