// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import static io.viewexport.core.fhir.OperationRig.TYPE_LEVEL;
import static io.viewexport.core.fhir.OperationRig.issues;
import static io.viewexport.core.fhir.OperationRig.json;
import static io.viewexport.core.fhir.OperationRig.kind;
import static io.viewexport.core.fhir.OperationRig.param;
import static io.viewexport.core.fhir.OperationRig.parameters;
import static io.viewexport.core.fhir.OperationRig.post;
import static io.viewexport.core.fhir.OperationRig.values;
import static io.viewexport.core.fhir.OperationRig.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewAdvice;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.core.ExportService;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KickOffTest {
  private static final String VIEW0 = "Parameters.parameter.where(name='view')[0]";

  private final OperationRig rig = new OperationRig();
  private final ExportOperation reference = rig.operation(ResponseProfile.REFERENCE);
  private final ExportOperation spec = rig.operation(ResponseProfile.SPEC);

  @AfterEach
  void close() {
    rig.exports.close();
  }

  private OperationResponse start(ExportOperation operation, String... params) {
    return operation.handle(post(TYPE_LEVEL, parameters(params)).build());
  }

  private ExportJob job(OperationResponse response) {
    assertThat(response.status()).as(response.body()).isEqualTo(202);
    return rig.exports
        .find(new JobId(values(response).getOrDefault("exportId", "none")))
        .orElseThrow();
  }

  private void assertRefused(OperationResponse response, int status, String... issues) {
    assertThat(issues(response)).as(response.body()).containsExactly(issues);
    assertThat(response.status()).isEqualTo(status);
    assertThat(rig.jobCount()).isZero();
  }

  @Test
  void saysWhereToAsk() {
    OperationResponse response =
        start(reference, kind(), view("patients"), param("clientTrackingId", "String", "\"c1\""));
    String id = job(response).id().value();
    String status = OperationRig.BASE + TYPE_LEVEL + "/status/" + id;
    assertThat(response.headers()).containsEntry("content-location", status);
    assertThat(values(response))
        .containsEntry("exportId", id)
        .containsEntry("clientTrackingId", "c1")
        .containsEntry("status", "accepted")
        .containsEntry("location", status)
        .containsEntry("cancelUrl", status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/$viewdefinition-export",
        "/ViewDefinition/$viewdefinition-export",
        "ViewDefinition/$viewdefinition-export/"
      })
  void isThereAtSystemAndTypeLevel(String path) {
    ExportJob job = job(reference.handle(post(path, parameters(kind(), view("patients"))).build()));
    assertThat(job.request().views().get(0).view()).hasToString("sof.patients");
  }

  @Test
  void takesTheViewOfAnInstance() {
    String path = "/ViewDefinition/patients/$viewdefinition-export";
    ExportJob job = job(reference.handle(post(path, parameters(kind())).build()));
    assertThat(job.request().views().get(0).name()).isEqualTo("patients");
  }

  @Test
  void needsNoBodyForAnInstanceWhereThereIsAUsualKind() {
    ExportOperation operation =
        rig.operation(OperationRig.config(ResponseProfile.SPEC).defaultKind("lake").build());
    job(operation.handle(post("/ViewDefinition/patients/$viewdefinition-export", "").build()));
  }

  @Test
  void refusesAnotherViewBesideTheOneOfThePath() {
    String path = "/ViewDefinition/patients/$viewdefinition-export";
    assertRefused(
        reference.handle(post(path, parameters(kind(), view("patients"))).build()),
        400,
        "invalid-value at " + VIEW0);
  }

  @Test
  void handsOptionsAndParametersOn() {
    ExportJob job =
        job(
            start(
                reference,
                kind(),
                view(
                    "patients",
                    param("name", "String", "\"out\""),
                    param("tableName", "String", "\"a.b.c\""),
                    param("mergeMode", "Code", "\"replace\"")),
                param("chunkCount", "PositiveInt", "3"),
                param("mergeKey", "String", "\"id\""),
                param("mergeKey", "String", "\"gender\""),
                param("targetFileSizeMb", "Integer", "64"),
                param("compact", "Boolean", "true"),
                param("_since", "Instant", "\"2026-01-01T00:00:00+01:00\"")));
    ViewOptions ofJob = job.request().options();
    assertThat(job.request().parameters())
        .isEqualTo(Map.of("targetFileSizeMb", "64", "compact", "true"));
    assertThat(ofJob.chunkCount()).hasValue(3);
    assertThat(ofJob.mergeKey()).containsExactly("id", "gender");
    assertThat(ofJob.filters().orElseThrow().since())
        .contains(Instant.parse("2025-12-31T23:00:00Z"));
    assertThat(job.request().views().get(0).name()).isEqualTo("out");
    assertThat(job.request().views().get(0).parameters()).isEqualTo(Map.of("tableName", "a.b.c"));
    ViewOptions ofView = job.request().views().get(0).options();
    assertThat(ofView.mergeMode()).contains(MergeMode.REPLACE);
    assertThat(ofView.timestampColumn()).contains("updated");
    assertThat(ofView.patientColumn()).contains("id");
  }

  @Test
  void takesTheOlderNameOfChunkCount() {
    OperationResponse one =
        start(
            reference, kind(), view("patients"), param("initialExportParallelism", "Integer", "2"));
    assertThat(job(one).request().options().chunkCount()).hasValue(2);
  }

  @Test
  void listsEveryProblemAtOnce() {
    OperationResponse response =
        start(
            spec,
            view("nowhere"),
            view("patients", param("mergeMode", "Code", "\"merge\"")),
            view("patients", param("name", "String", "\"patients\"")),
            param("chunkCount", "PositiveInt", "99"),
            param("kind", "Code", "\"lake\""),
            param("_format", "Code", "\"csv\""),
            param("source", "String", "\"s3://x\""),
            param("patient", "Reference", "{\"reference\": \"Patient/1\"}"),
            param("group", "Reference", "{\"reference\": \"Group/9\"}"),
            param("tableName", "String", "\"forbidden\""),
            param("colour", "String", "\"red\""));
    assertRefused(
        response,
        400,
        "not-supported at Parameters.parameter.where(name='source')[0]",
        "unknown-parameter at Parameters.parameter.where(name='colour')[0]",
        "not-supported at Parameters.parameter.where(name='_format')[0]",
        "invalid-value at"
            + " Parameters.parameter.where(name='view')[1].part.where(name='mergeMode')[0]",
        "view-not-resolved at"
            + " Parameters.parameter.where(name='view')[0].part.where(name='viewReference')[0]",
        "duplicate-output-name at"
            + " Parameters.parameter.where(name='view')[2].part.where(name='name')",
        "group-not-found at Parameters.parameter.where(name='group')",
        "table-not-allowed at Parameters.parameter.where(name='tableName')",
        "parallelism-exceeds-pool at Parameters.parameter.where(name='chunkCount')");
  }

  @Test
  void namesTheViewWhoseParameterTheBackendRefuses() {
    OperationResponse response =
        start(
            reference,
            kind(),
            view("nowhere"),
            view("patients", param("tableName", "String", "\"forbidden\"")));
    assertRefused(
        response,
        400,
        "view-not-resolved at " + VIEW0 + ".part.where(name='viewReference')[0]",
        "table-not-allowed at"
            + " Parameters.parameter.where(name='view')[1].part.where(name='tableName')");
  }

  @Test
  void namesTheViewThatABackendMeansWithoutSayingSo() {
    rig.backend.needsSize = true;
    String named = "Parameters.parameter.where(name='tableName')";
    String forbidden = param("tableName", "String", "\"forbidden\"");
    String one = param("name", "String", "\"one\"");
    OperationResponse inView = start(reference, kind(), view("patients", forbidden));
    assertRefused(
        inView,
        400,
        "table-not-allowed at " + VIEW0 + ".part.where(name='tableName')",
        "missing-parameter at " + VIEW0);
    assertThat(json(inView).at("/issue/1/code").asText()).isEqualTo("required");
    String size = param("targetFileSizeMb", "Integer", "1");
    assertRefused(
        start(reference, kind(), view("patients", size), forbidden),
        400,
        "table-not-allowed at " + named);
    assertRefused(
        start(reference, kind(), view("patients", size), view("patients", one)),
        400,
        "missing-parameter at Parameters.parameter.where(name='view')[1]");
    assertRefused(
        reference.handle(
            post("/ViewDefinition/patients/$viewdefinition-export", parameters(kind())).build()),
        400,
        "missing-parameter at Parameters.parameter.where(name='targetFileSizeMb')");
  }

  @Test
  void saysNotFoundWhereNothingElseIsWrong() {
    assertRefused(
        start(reference, kind(), view("nowhere")),
        404,
        "view-not-resolved at " + VIEW0 + ".part.where(name='viewReference')[0]");
  }

  /** The view is the more fundamental of the two. */
  @Test
  void saysNotFoundWhereTheGroupIsNotThereEither() {
    assertRefused(
        start(reference, kind(), view("patients"), view("nowhere"), reference("group", "Group/9")),
        404,
        "view-not-resolved at "
            + "Parameters.parameter.where(name='view')[1].part.where(name='viewReference')[0]",
        "group-not-found at Parameters.parameter.where(name='group')");
    OperationResponse alone =
        start(reference, kind(), view("patients"), reference("group", "Group/9"));
    assertRefused(alone, 400, "group-not-found at Parameters.parameter.where(name='group')");
    assertThat(json(alone).at("/issue/0/code").asText()).isEqualTo("not-found");
  }

  @Test
  void needsAViewAndAKind() {
    assertRefused(
        start(reference),
        400,
        "missing-parameter at Parameters.parameter.where(name='kind')",
        "missing-parameter at Parameters.parameter.where(name='view')");
  }

  @Test
  void refusesAnUnknownKindAtOnceByTheSpecification() {
    OperationResponse response = start(spec, param("kind", "Code", "\"sea\""), view("patients"));
    assertRefused(response, 400, "unknown-kind at Parameters.parameter.where(name='kind')");
    assertThat(response.body()).contains("known kinds: lake");
  }

  @Test
  void failsAJobOfAnUnknownKindAsTheReferenceDoes() {
    ExportJob job = job(start(reference, param("kind", "Code", "\"sea\""), view("patients")));
    OperationResponse status =
        OperationRig.get(reference, TYPE_LEVEL + "/status/" + job.id().value());
    assertThat(status.status()).isEqualTo(200);
    assertThat(values(status)).containsEntry("status", "failed");
    assertThat(values(status).get("error")).contains("unknown-kind").contains("known kinds: lake");
  }

  @Test
  void refusesAnUnknownKindWithOtherProblemsInEitherProfile() {
    OperationResponse response =
        start(
            reference,
            param("kind", "Code", "\"sea\""),
            view("patients", param("mergeKey", "String", "\"nothing\"")));
    assertThat(response.status()).isEqualTo(400);
    assertThat(rig.jobCount()).isZero();
  }

  @Test
  void givesTheFormatBackAsTheReferenceDoes() {
    ExportJob job =
        job(
            start(
                reference,
                kind(),
                view("patients"),
                param("_format", "Code", "\"csv\""),
                param("header", "Boolean", "false")));
    Map<String, String> status =
        values(OperationRig.get(reference, TYPE_LEVEL + "/status/" + job.id().value()));
    assertThat(status).containsEntry("_format", "csv").containsEntry("header", "false");
    assertThat(job.request().parameters()).isEmpty();
  }

  @Test
  void handsTheFormatToABackendThatKnowsIt() {
    ExportOperation operation = rig.operationWithFormats();
    OperationResponse response =
        start(operation, kind(), view("patients"), param("_format", "Code", "\"csv\""));
    assertThat(job(response).request().parameters()).isEqualTo(Map.of("_format", "csv"));
  }

  /** A backend of files merges with nothing: no mode has to be said beside _since. */
  @Test
  void mergesNothingWhereTheBackendHasFormats() {
    ExportOperation operation = rig.operationWithFormats();
    String since = param("_since", "Instant", "\"2026-01-01T00:00:00Z\"");
    assertThat(job(start(operation, kind(), view("patients"), since)).request().options())
        .extracting(ViewOptions::mergeMode)
        .isEqualTo(Optional.of(MergeMode.INSERT));
    String mode = param("mergeMode", "Code", "\"upsert\"");
    assertThat(job(start(operation, kind(), view("patients"), since, mode)).request().options())
        .extracting(ViewOptions::mergeMode)
        .isEqualTo(Optional.of(MergeMode.UPSERT));
    assertThat(job(start(reference, kind(), view("patients"), since)).request().options())
        .extracting(ViewOptions::mergeMode)
        .isEqualTo(Optional.empty());
  }

  @Test
  void refusesSinceWithoutATimestampColumn() {
    OperationResponse response =
        start(
            reference,
            kind(),
            view("timeless"),
            param("_since", "Instant", "\"2026-01-01T00:00:00Z\""));
    assertRefused(
        response, 400, "no-timestamp-column at Parameters.parameter.where(name='_since')");
    assertThat(response.body())
        .contains("patients can't be filtered by time")
        .contains("by timestampColumn.");
  }

  private static String reference(String name, String reference) {
    return param(name, "Reference", "{\"reference\": \"" + reference + "\"}");
  }

  @Test
  void handsPatientsAndGroupsOn() {
    ExportJob job =
        job(
            start(
                reference,
                kind(),
                view("patients"),
                reference("patient", "Patient/1"),
                reference("patient", "Patient/3"),
                reference("group", "Group/1")));
    ViewFilters filters = job.request().options().filters().orElseThrow();
    assertThat(filters.patients()).containsExactly("1", "Patient/1", "3", "Patient/3");
    assertThat(filters.groups()).containsExactly("Group/1");
    assertThat(job.request().views().get(0).options().patientColumn()).contains("id");
  }

  @ParameterizedTest
  @CsvSource({"patient,Patient/1", "group,Group/1"})
  void refusesToFilterAViewThatHoldsNoPatient(String name, String value) {
    String codes = OperationRig.PATIENTS.replace("\"Patient\"", "\"CodeSystem\"");
    rig.views.with("codes", codes, "id text", "gender text", "updated timestamptz");
    assertRefused(
        start(reference, kind(), view("patients"), view("codes"), reference(name, value)),
        400,
        "duplicate-output-name at"
            + " Parameters.parameter.where(name='view')[1].part.where(name='name')",
        "no-patient-column at Parameters.parameter.where(name='" + name + "')");
  }

  @Test
  void filtersByNoColumnThatHoldsNoKeys() {
    rig.views.with("dated", OperationRig.PATIENTS, "id date", "gender text", "updated timestamptz");
    ExportJob job = job(start(reference, kind(), view("dated")));
    assertThat(job.request().views().get(0).options().patientColumn()).isEmpty();
  }

  @Test
  void refusesFiltersByAColumnThatHoldsNoKeys() {
    rig.views.with("dated", OperationRig.PATIENTS, "id date", "gender text", "updated timestamptz");
    assertRefused(
        start(reference, kind(), view("dated"), reference("patient", "Patient/1")),
        400,
        "no-patient-column at Parameters.parameter.where(name='view')[0]"
            + ".part.where(name='patientColumn')");
  }

  @Test
  void refusesGroupsOfAHostThatKnowsNone() {
    ExportService without =
        ExportService.builder().store(rig.store).source(rig.views).backend(rig.backend).build();
    ExportOperation operation =
        ExportOperation.create(
            without, rig.views, OperationRig.config(ResponseProfile.SPEC).build());
    assertRefused(
        start(operation, kind(), view("patients"), reference("group", "Group/1")),
        400,
        "not-supported at Parameters.parameter.where(name='group')");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chunkCount|PositiveInt|0|invalid-value",
        "chunkCount|PositiveInt|1.5|invalid-value",
        "chunkCount|PositiveInt|99999999999999999999|invalid-value",
        "chunkCount|String|\"2\"|wrong-value-type",
        "_since|String|\"2026-01-01T00:00:00Z\"|wrong-value-type",
        "_since|Instant|\"2026-13-01T00:00:00Z\"|invalid-value",
        "_since|Instant|\"2026-01-01\"|invalid-value",
        "_since|Instant|\"2026-01-01T00:00:00\"|invalid-value",
        "header|String|\"true\"|wrong-value-type",
        "header|Boolean|\"true\"|invalid-value",
        "_format|Code|\"xml\"|invalid-value",
        "clientTrackingId|Code|\"x\"|wrong-value-type",
        "clientTrackingId|String|\" \"|invalid-value",
        "clientTrackingId|String|\"a\\u0000b\"|invalid-value",
        "patient|Reference|{\"display\": \"x\"}|invalid-value",
        "patient|Reference|{\"reference\": \"Group/1\"}|invalid-value",
        "mergeMode|Code|\"append\"|invalid-value",
        "targetFileSizeMb|String|\"1\"|wrong-value-type",
        "targetFileSizeMb|Integer|1.5|invalid-value",
        "compact|Boolean|1|invalid-value",
        "tableName|String|{}|invalid-value",
        "tableName|String|null|invalid-value",
      })
  void refusesBadValues(String name, String type, String value, String code) {
    assertRefused(
        start(reference, kind(), view("patients"), param(name, type, value)),
        400,
        code + " at Parameters.parameter.where(name='" + name + "')[0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kind", "chunkCount", "_since", "clientTrackingId", "tableName", "_format"})
  void refusesParametersThatAreGivenTwice(String name) {
    String type =
        Map.of("kind", "Code", "chunkCount", "PositiveInt", "_since", "Instant", "_format", "Code")
            .getOrDefault(name, "String");
    String value =
        Map.of(
                "kind", "\"lake\"",
                "chunkCount", "2",
                "_since", "\"2026-01-01T00:00:00Z\"",
                "_format", "\"csv\"")
            .getOrDefault(name, "\"x\"");
    String twice = param(name, type, value) + "," + param(name, type, value);
    String[] params =
        name.equals("kind")
            ? new String[] {twice, view("patients")}
            : new String[] {kind(), twice, view("patients")};
    OperationResponse response = start(reference, params);
    assertThat(issues(response))
        .containsExactly(
            "duplicate-parameter at Parameters.parameter.where(name='" + name + "')[1]");
    assertThat(rig.jobCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "3",
        "{",
        "{}",
        "{} {}",
        "{\"resourceType\": \"Patient\"}",
        "{\"resourceType\": \"Parameters\", \"resourceType\": \"Parameters\"}",
        "{\"resourceType\": \"Parameters\", \"parameter\": {}}",
        "{\"resourceType\": \"Parameters\", \"parameter\": [3]}",
        "{\"resourceType\": \"Parameters\", \"parameter\": [{\"name\": \"\"}]}",
        "{\"resourceType\": \"Parameters\", \"parameter\": [{\"name\": \"kind\"}]}",
        "{\"resourceType\": \"Parameters\", \"parametre\": []}",
        "{\"resourceType\": \"Parameters\", \"parameter\": [{\"name\": \"kind\", \"value\": 1}]}",
        "{\"resourceType\": \"Parameters\", \"parameter\": [{\"name\": \"kind\","
            + " \"valueCode\": \"a\", \"valueString\": \"b\"}]}",
      })
  void refusesWhatIsNoParametersResource(String body) {
    OperationResponse response = reference.handle(post(TYPE_LEVEL, body).build());
    assertThat(response.status()).isEqualTo(400);
    assertThat(json(response).path("resourceType").asText()).isEqualTo("OperationOutcome");
    assertThat(rig.jobCount()).isZero();
  }

  @Test
  void refusesBodiesThatAreTooDeepOrTooLargeOrNoText() {
    String deep = "[".repeat(10_000);
    OperationResponse nested =
        reference.handle(post(TYPE_LEVEL, "{\"resourceType\":" + deep).build());
    assertThat(issues(nested)).containsExactly("malformed-json at ");
    String text = "\"" + "x".repeat(10 * 1024 * 1024) + "\"";
    OperationResponse large =
        start(reference, kind(), view("patients"), param("tableName", "String", text));
    assertThat(large.status()).isEqualTo(413);
    OperationResponse broken =
        reference.handle(
            OperationRequest.builder("POST", TYPE_LEVEL)
                .header("prefer", "respond-async")
                .body(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})
                .build());
    assertThat(broken.status()).isEqualTo(400);
    assertThat(rig.jobCount()).isZero();
  }

  @Test
  void neverGivesALongTextBack() {
    String name = "n".repeat(5_000);
    OperationResponse response =
        start(reference, kind(), view("patients"), param(name, "String", "\"x\""));
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).hasSizeLessThan(1000);
  }

  @Test
  void asksForAnAsynchronousRequestByPostWithJson() {
    String body = parameters(kind(), view("patients"));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    OperationRequest sync = OperationRequest.builder("POST", TYPE_LEVEL).body(bytes).build();
    assertRefused(reference.handle(sync), 400, "prefer-missing at http.prefer");
    OperationRequest get = OperationRequest.builder("GET", TYPE_LEVEL).build();
    OperationResponse read = reference.handle(get);
    assertRefused(read, 405, "method-not-allowed at ");
    assertThat(read.headers()).containsEntry("Allow", "POST");
    OperationRequest put = OperationRequest.builder("PUT", TYPE_LEVEL).body(bytes).build();
    assertRefused(reference.handle(put), 405, "method-not-allowed at ");
    OperationRequest xml =
        OperationRequest.builder("POST", TYPE_LEVEL)
            .header("Prefer", "respond-async")
            .header("Content-Type", "application/fhir+xml")
            .body(bytes)
            .build();
    assertRefused(reference.handle(xml), 415, "unsupported-media-type at ");
    OperationRequest query = post(TYPE_LEVEL, body).query("_format=csv").build();
    assertRefused(reference.handle(query), 400, "not-supported at http.query");
    OperationRequest several =
        OperationRequest.builder("POST", TYPE_LEVEL)
            .header("PREFER", "handling=strict")
            .header("prefer", "respond-async; wait=10")
            .body(bytes)
            .build();
    job(reference.handle(several));
  }

  @Test
  void namesAViewInExactlyOneWay() {
    String none = "{\"name\": \"view\", \"part\": [" + param("name", "String", "\"x\"") + "]}";
    assertRefused(start(reference, kind(), none), 400, "invalid-value at " + VIEW0);
    String canonical =
        param("viewCanonical", "Canonical", "\"http://example.org/ViewDefinition/patients|1\"");
    assertRefused(
        start(reference, kind(), view("patients", canonical)), 400, "invalid-value at " + VIEW0);
  }

  @ParameterizedTest
  @CsvSource({
    "http://elsewhere.org/fhir/ViewDefinition/patients,400,not-supported",
    "Library/q,400,not-supported",
    "Patient/1,422,no-view-definition",
    "urn:uuid:1,400,invalid-value",
    "ViewDefinition/patients/x,400,invalid-value",
  })
  void refusesReferencesToAnythingElse(String reference, int status, String code) {
    String view =
        "{\"name\": \"view\", \"part\": ["
            + param("viewReference", "Reference", "{\"reference\": \"" + reference + "\"}")
            + "]}";
    assertRefused(
        start(this.reference, kind(), view),
        status,
        code + " at " + VIEW0 + ".part.where(name='viewReference')[0]");
  }

  @Test
  void followsAnAbsoluteReferenceToItself() {
    String url = "{\"reference\": \"" + OperationRig.BASE + "/ViewDefinition/patients\"}";
    String view =
        "{\"name\": \"view\", \"part\": [" + param("viewReference", "Reference", url) + "]}";
    job(start(reference, kind(), view));
  }

  @Test
  void givesTheRunningJobForTheSameKeyAndBody() {
    String body = parameters(kind(), view("patients"));
    OperationRequest one = post(TYPE_LEVEL, body).header("Idempotency-Key", "k").build();
    ExportJob first = job(reference.handle(one));
    rig.views.withRelation("patients", "other text");
    assertThat(job(reference.handle(one)).id()).isEqualTo(first.id());
    OperationRequest other =
        post(TYPE_LEVEL, parameters(kind(), view("timeless")))
            .header("Idempotency-Key", "k")
            .build();
    OperationResponse refused = reference.handle(other);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(issues(refused)).containsExactly("idempotency-key-reused at ");
    OperationRequest ofAnother =
        post(TYPE_LEVEL, parameters(kind(), view("timeless")))
            .header("Idempotency-Key", "k")
            .principal("ann")
            .build();
    assertThat(job(reference.handle(ofAnother)).id()).isNotEqualTo(first.id());
  }

  /** A definition's word on a type is heeded where the column can be read so, and no further. */
  @ParameterizedTest
  @CsvSource({
    "int,integer64,BIGINT",
    "int,integer,",
    "int,string,",
    "text,integer,",
    "text,dateTime,",
    "timestamptz,boolean,",
    "date,base64Binary,"
  })
  void leavesAColumnWhoseDeclaredTypeDisagreesAsItIs(
      String column, String declared, @Nullable String deliveredAs) {
    rig.views.with(
        "typed",
        OperationRig.PATIENTS.replace(
            "\"path\": \"gender\"", "\"path\": \"gender\", \"type\": \"" + declared + "\""),
        "id text",
        "gender " + column,
        "updated timestamptz");
    ExportJob job = job(start(reference, kind(), view("typed")));
    ColumnType type = job.request().views().get(0).options().columnTypes().get("gender");
    assertThat(type == null ? null : type.toString()).isEqualTo(deliveredAs);
  }

  /** The two plan at the same moment, and not the same. */
  @Test
  void givesTheJobOfWhoeverWasFirstToBothOfTheSameKeyAndBody() {
    OperationRequest one =
        post(TYPE_LEVEL, parameters(kind(), view("patients")))
            .header("Idempotency-Key", "k")
            .build();
    List<OperationResponse> first = new ArrayList<>();
    rig.views.advice =
        (key, timestampColumn) -> {
          rig.views.advice = (sameKey, sameColumn) -> List.of();
          first.add(reference.handle(one));
          return List.of(new ViewAdvice("volatile-view", "Take it out."));
        };
    ExportJob second = job(reference.handle(one));
    assertThat(job(first.get(0)).id()).isEqualTo(second.id());
    assertThat(rig.jobCount()).isEqualTo(1);
  }

  @Test
  void takesTheResourcesKeyWhereThereIsNoId() {
    rig.views.with(
        "keyed",
        OperationRig.PATIENTS.replace("\"id\"", "\"patient_key\""),
        "patient_key text",
        "gender text",
        "updated timestamptz");
    ExportJob job = job(start(reference, kind(), view("keyed")));
    assertThat(job.request().views().get(0).options().mergeKey()).containsExactly("patient_key");
  }

  @Test
  void refusesARelationThatLacksColumnsOfItsDefinition() {
    rig.views.withRelation("patients", "id text");
    OperationResponse response = start(reference, kind(), view("patients"));
    assertRefused(
        response, 422, "view-out-of-date at " + VIEW0 + ".part.where(name='viewReference')[0]");
    assertThat(response.body()).contains("gender, updated");
  }

  @Test
  void refusesARelationThatIsNotThereAndADefinitionThatIsNone() {
    rig.views.with("broken", "{\"resourceType\": \"ViewDefinition\"}", "id text");
    OperationResponse response = start(reference, kind(), view("broken"));
    assertThat(response.status()).isEqualTo(422);
    assertThat(List.copyOf(issues(response)))
        .allMatch(issue -> issue.startsWith("invalid-view-definition at "));
  }

  @Test
  void hasNothingAtOtherPaths() {
    assertThat(ExportOperation.owns("/Patient")).isFalse();
    assertThat(ExportOperation.owns("/Patient/$viewdefinition-export")).isFalse();
    assertThat(ExportOperation.owns("/ViewDefinition/$sql-export")).isFalse();
    assertThat(ExportOperation.owns("/$sql-export/status/1/2")).isFalse();
    assertThat(OperationRig.get(reference, "/Patient").status()).isEqualTo(404);
  }
}
