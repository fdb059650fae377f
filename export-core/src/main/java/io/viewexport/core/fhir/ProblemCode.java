// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import java.util.Locale;
import java.util.Map;

/** Why requests are refused, beside what the engine, sources and backends find. */
enum ProblemCode {
  NO_BODY(400, "required"),
  MALFORMED_JSON(400, "structure"),
  MALFORMED_PARAMETERS(400, "structure"),
  BODY_TOO_LARGE(413, "too-long"),
  UNSUPPORTED_MEDIA_TYPE(415, "not-supported"),
  METHOD_NOT_ALLOWED(405, "not-supported"),
  PREFER_MISSING(400, "required"),
  DUPLICATE_PARAMETER(400, "invalid"),
  WRONG_VALUE_TYPE(400, "value"),
  INVALID_VALUE(400, "invalid"),
  MISSING_PARAMETER(400, "required"),
  UNKNOWN_PARAMETER(400, "not-supported"),
  NOT_SUPPORTED(400, "not-supported"),
  TOO_MANY_VIEWS(400, "too-costly"),
  NO_TIMESTAMP_COLUMN(400, "invalid"),
  VIEW_NOT_RESOLVED(404, "not-found"),
  INVALID_VIEW_DEFINITION(422, "invalid"),
  NO_VIEW_DEFINITION(422, "invalid"),
  VIEW_OUT_OF_DATE(422, "processing"),
  IDEMPOTENCY_KEY_REUSED(409, "conflict"),
  NO_SUCH_PATH(404, "not-found"),
  NO_SUCH_EXPORT(404, "not-found"),
  NO_RESULT(404, "not-found"),
  NOT_YOURS(403, "forbidden"),
  POLLED_TOO_OFTEN(429, "throttled"),
  TRY_LATER(503, "transient"),
  INTERNAL(500, "exception");

  /**
   * What a code means to a client.
   *
   * @param status the HTTP status
   * @param issueType the code in FHIR's value set of issue types
   */
  record Meaning(int status, String issueType) {}

  private static final Meaning REFUSED = new Meaning(400, "invalid");
  private static final Meaning NOT_EXPORTABLE = new Meaning(422, "processing");

  private static final String GROUP_NOT_FOUND = "group-not-found";

  /** What the others find and is not simply {@link #REFUSED}. */
  private static final Map<String, Meaning> OF_OTHERS =
      Map.ofEntries(
          Map.entry("no-view", new Meaning(400, "required")),
          Map.entry("unknown-kind", new Meaning(400, "not-supported")),
          Map.entry("parallelism-exceeds-pool", new Meaning(400, "too-costly")),
          Map.entry("too-many-chunks", new Meaning(400, "too-costly")),
          Map.entry("too-many-patients", new Meaning(400, "too-costly")),
          Map.entry(GROUP_NOT_FOUND, new Meaning(400, "not-found")),
          Map.entry("next-since-unknown", NOT_EXPORTABLE),
          Map.entry("not-supported", NOT_SUPPORTED.meaning()),
          Map.entry("missing-parameter", MISSING_PARAMETER.meaning()),
          Map.entry("unknown-parameter", UNKNOWN_PARAMETER.meaning()),
          Map.entry("invalid-view-definition", INVALID_VIEW_DEFINITION.meaning()),
          Map.entry("idempotency-key-reused", IDEMPOTENCY_KEY_REUSED.meaning()),
          Map.entry("view-not-found", NOT_EXPORTABLE),
          Map.entry("view-not-populated", NOT_EXPORTABLE),
          Map.entry("view-not-readable", NOT_EXPORTABLE),
          Map.entry("not-a-view", NOT_EXPORTABLE),
          Map.entry("no-columns", NOT_EXPORTABLE),
          Map.entry("unsupported-type", NOT_EXPORTABLE));

  private final int status;
  private final String issueType;

  ProblemCode(int status, String issueType) {
    this.status = status;
    this.issueType = issueType;
  }

  Meaning meaning() {
    return new Meaning(status, issueType);
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it says that what rows are filtered by is not there. */
  static boolean concernsFilter(String code) {
    return code.equals(GROUP_NOT_FOUND);
  }

  static Meaning meaningOf(String code) {
    return OF_OTHERS.getOrDefault(code, REFUSED);
  }
}
