// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.deltalake.testing.S3Server;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class WorkspaceSimulatorTest {
  private static final String TABLES = "/api/2.1/unity-catalog/tables";
  private static final String STATEMENTS = "/api/2.0/sql/statements";
  private static final String HISTORY = "/api/2.0/sql/history/queries";

  private static WorkspaceLab lab;
  private static WorkspaceSimulator workspace;
  private PlainClient client;

  @BeforeAll
  static void start() {
    lab = new WorkspaceLab();
    workspace = lab.workspace;
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @BeforeEach
  void signIn() throws Exception {
    client = new PlainClient(workspace.url());
    client.signIn(WorkspaceLab.CLIENT, WorkspaceLab.SECRET);
  }

  @AfterEach
  void clear() {
    workspace.faults().clear();
    for (Privilege privilege : Privilege.values()) {
      workspace.grants().grant(WorkspaceLab.CLIENT, privilege);
    }
  }

  @Test
  void letsInByTokenUntilItEnds() throws Exception {
    String path = "/api/2.0/sql/warehouses/" + WorkspaceSimulator.WAREHOUSE_ID;
    int issued = workspace.tokens().issued();

    assertThat(new PlainClient(workspace.url()).get(path).status()).isEqualTo(401);
    assertThat(client.get(path).status()).isEqualTo(200);
    lab.clock.advance(Duration.ofHours(1));
    assertThat(client.get(path).status()).isEqualTo(401);
    client.signIn(WorkspaceLab.CLIENT, WorkspaceLab.SECRET);
    assertThat(client.get(path).status()).isEqualTo(200);
    workspace.tokens().revokeAll();
    assertThat(client.get(path).status()).isEqualTo(401);
    assertThat(client.signIn(WorkspaceLab.CLIENT, "wrong").status()).isEqualTo(401);
    assertThat(workspace.tokens().issued()).isEqualTo(issued + 1);
  }

  @Test
  void mergesFromARegisteredTable() throws Exception {
    String target = workspace.createTarget("merged", "id STRING, text STRING");
    String staged = register("merge", "external/merge/a").path("full_name").asText();
    lab.writeTable("external/merge/a", "('1', 'one'), ('2', 'two')");

    JsonNode done =
        run(
            "MERGE INTO "
                + quoted(target)
                + " t USING "
                + quoted(staged)
                + " s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id, text) VALUES (s.id, s.text)");

    assertThat(done.at("/status/state").asText()).isEqualTo("SUCCEEDED");
    assertThat(done.at("/result/data_array/0/3").asText()).isEqualTo("2");
    assertThat(workspace.rows("SELECT text FROM " + target + " ORDER BY id"))
        .containsExactly(List.of("one"), List.of("two"));
    assertThat(run("DROP TABLE " + quoted(staged)).at("/status/state").asText())
        .isEqualTo("SUCCEEDED");
    assertThat(client.get(TABLES + "/" + staged).status()).isEqualTo(404);
  }

  @Test
  void refusesPlacesThatOverlap() throws Exception {
    register("first", "external/overlap/a");

    assertThat(create("second", "external/overlap/a/b").text()).contains("LOCATION_OVERLAP");
    assertThat(create("second", "external").text()).contains("LOCATION_OVERLAP");
    assertThat(create("second", "elsewhere/a").status()).isEqualTo(404);
    assertThat(create("first", "external/overlap/b").text()).contains("TABLE_ALREADY_EXISTS");
    assertThat(create("second", "external/overlap/a2").status()).isEqualTo(200);
  }

  @Test
  void refusesWithoutAGrant() throws Exception {
    String target = workspace.createTarget("granted", "id STRING");
    String id = register("granted_staging", "external/granted").path("table_id").asText();
    PlainClient.Answer denied;

    revoke(Privilege.EXTERNAL_USE_SCHEMA);
    denied = keys(id);
    assertThat(denied.status()).isEqualTo(403);
    assertThat(denied.json().at("/error_code").asText()).isEqualTo("PERMISSION_DENIED");
    assertThat(denied.json().at("/details/0/metadata/msg").asText())
        .isEqualTo("EXTERNAL USE SCHEMA");
    revoke(Privilege.CREATE_EXTERNAL_TABLE);
    assertThat(create("denied", "external/denied").text()).contains("CREATE EXTERNAL TABLE");
    revoke(Privilege.MODIFY);
    JsonNode failed = run("INSERT INTO " + target + " VALUES ('1')");
    assertThat(failed.at("/status/sql_state").asText()).isEqualTo("42501");
    assertThat(failed.at("/status/error/message").asText())
        .startsWith("[INSUFFICIENT_PERMISSIONS]");
    revoke(Privilege.CAN_USE);
    assertThat(submit("SELECT 1", "0s").status()).isEqualTo(403);
    workspace.credentials().closeToOutside();
    assertThat(keys(id).json().at("/details/0/reason").asText())
        .isEqualTo("EXTERNAL_ACCESS_DISABLED_ON_METASTORE");
    workspace.credentials().openToOutside();
    assertThat(workspace.rows("SELECT * FROM " + target)).isEmpty();
  }

  @Test
  void failsBeforeOrAfterTheEffect() throws Exception {
    workspace
        .faults()
        .add(Fault.refusing("POST", TABLES, ApiError.unavailable()).after(1).times(2));
    assertThat(create("f1", "external/faults/1").status()).isEqualTo(200);
    assertThat(create("f2", "external/faults/2").status()).isEqualTo(503);
    assertThat(create("f2", "external/faults/2").status()).isEqualTo(503);
    assertThat(exists("f2")).isFalse();
    assertThat(create("f2", "external/faults/2").status()).isEqualTo(200);

    workspace.faults().add(Fault.failingAfter("POST", TABLES, ApiError.internal()));
    assertThat(create("f3", "external/faults/3").status()).isEqualTo(500);
    assertThat(exists("f3")).isTrue();
    workspace.faults().add(silent(Fault.Moment.AFTER_EFFECT, Fault.Silence.CLOSE));
    assertThatThrownBy(() -> create("f4", "external/faults/4")).isInstanceOf(IOException.class);
    assertThat(exists("f4")).isTrue();
    workspace.faults().add(silent(Fault.Moment.BEFORE_EFFECT, Fault.Silence.CLOSE));
    assertThatThrownBy(() -> create("f5", "external/faults/5")).isInstanceOf(IOException.class);
    assertThat(exists("f5")).isFalse();
    workspace.faults().add(silent(Fault.Moment.AFTER_EFFECT, Fault.Silence.STALL));
    client.setPatience(Duration.ofMillis(300));
    assertThatThrownBy(() -> create("f6", "external/faults/6"))
        .isInstanceOf(HttpTimeoutException.class);
    client.setPatience(Duration.ofSeconds(60));
    workspace.faults().awaitStalled();
    assertThat(exists("f6")).isTrue();
    workspace
        .faults()
        .add(Fault.refusing("POST", TABLES, ApiError.throttled(Duration.ofSeconds(7))));
    assertThat(create("f7", "external/faults/7").retryAfter()).isEqualTo("7");
    assertThat(workspace.calls("POST", TABLES)).extracting(Call::status).contains(0, 200, 429, 500);
  }

  @Test
  void keepsStatementsPendingWhileTheWarehouseStarts() throws Exception {
    workspace.warehouse().coldFor(Duration.ofSeconds(90));
    String waiting = id(submit("SELECT 1", "50s"));
    String canceled = id(submit("SELECT 2", "0s"));

    assertThat(state(waiting)).isEqualTo("PENDING");
    client.post(STATEMENTS + "/" + canceled + "/cancel", "{}");
    assertThat(state(canceled)).isEqualTo("CANCELED");
    lab.clock.advance(Duration.ofSeconds(89));
    assertThat(state(waiting)).isEqualTo("PENDING");
    lab.clock.advance(Duration.ofSeconds(1));
    assertThat(ended(waiting)).isEqualTo("SUCCEEDED");
    assertThat(state(canceled)).isEqualTo("CANCELED");
    workspace.warehouse().dropResults();
    assertThat(state(waiting)).isEqualTo("CLOSED");
  }

  @Test
  void cancelsWhatRuns() throws Exception {
    String slow = id(submit("SELECT sum(sqrt(id)) FROM range(0, 100000000000, 1, 1)", "0s"));

    workspace.warehouse().ignoreCancel();
    assertThat(client.post(STATEMENTS + "/" + slow + "/cancel", "{}").status()).isEqualTo(200);
    assertThat(state(slow)).isEqualTo("RUNNING");
    workspace.warehouse().obeyCancel();
    client.post(STATEMENTS + "/" + slow + "/cancel", "{}");
    assertThat(ended(slow)).isEqualTo("CANCELED");
  }

  @Test
  void commitsThoughCanceledWhereThatComesTooLate() throws Exception {
    String target = workspace.createTarget("late", "id STRING");
    StatementFault hold = StatementFault.holding(target, Fault.Moment.AFTER_EFFECT);
    workspace.warehouse().inject(hold);
    String late = id(submit("INSERT INTO " + target + " VALUES ('1')", "0s"));

    hold.awaitReached();
    client.post(STATEMENTS + "/" + late + "/cancel", "{}");
    assertThat(state(late)).isEqualTo("RUNNING");
    hold.release();

    assertThat(ended(late)).isEqualTo("SUCCEEDED");
    assertThat(workspace.rows("SELECT * FROM " + target)).hasSize(1);
  }

  @Test
  void takesNoStatementThatIsTooLong() throws Exception {
    assertThat(submit("SELECT '" + "x".repeat(16 << 20) + "'", "0s").status()).isEqualTo(400);
  }

  @Test
  void vendsKeysForTheTablesPlace() throws Exception {
    String id = register("vended", "external/vended/a").path("table_id").asText();
    JsonNode keys = keys(id).json().path("aws_temp_credentials");
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(lab.s3.endpoint())
            .region(Region.of(S3Server.REGION))
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(
                        keys.path("access_key_id").asText(),
                        keys.path("secret_access_key").asText(),
                        keys.path("session_token").asText())))
            .build()) {
      put(s3, "external/vended/a/1");
      assertThatThrownBy(() -> put(s3, "external/vended/b/1")).hasMessageContaining("403");
      workspace.credentials().revokeAll();
      assertThatThrownBy(() -> put(s3, "external/vended/a/1")).hasMessageContaining("403");
    }
  }

  @Test
  void failsAStatementAsTold() throws Exception {
    String target = workspace.createTarget("conflict", "id STRING");
    workspace.warehouse().inject(StatementFault.conflict(target));

    JsonNode failed = run("INSERT INTO " + target + " VALUES ('1')");

    assertThat(failed.at("/status/state").asText()).isEqualTo("FAILED");
    assertThat(failed.at("/status/error/message").asText()).startsWith("[DELTA_CONCURRENT_APPEND]");
    assertThat(workspace.rows("SELECT * FROM " + target)).isEmpty();
  }

  @Test
  void showsStatementsLateAndPageWise() throws Exception {
    workspace.history().setDelay(Duration.ofSeconds(30));
    String filter = "filter_by.query_start_time_range.start_time_ms=";
    lab.clock.advance(Duration.ofMillis(1));
    filter += lab.clock.millis();
    List<String> submitted = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      submitted.add(0, id(submit("SELECT " + i, "50s")));
      lab.clock.advance(Duration.ofMillis(1));
    }

    assertThat(client.get(HISTORY + "?" + filter).json().path("res")).isEmpty();
    lab.clock.advance(Duration.ofSeconds(30));
    JsonNode first = client.get(HISTORY + "?max_results=2&" + filter).json();
    JsonNode rest =
        client
            .get(
                HISTORY
                    + "?max_results=2&page_token="
                    + first.path("next_page_token").asText()
                    + "&"
                    + filter)
            .json();

    assertThat(first.path("has_next_page").asBoolean()).isTrue();
    assertThat(rest.path("has_next_page").asBoolean()).isFalse();
    List<String> listed = new ArrayList<>(first.path("res").findValuesAsText("query_id"));
    listed.addAll(rest.path("res").findValuesAsText("query_id"));
    assertThat(listed).isEqualTo(submitted);
    workspace.history().setDelay(Duration.ZERO);
  }

  private static void put(S3Client s3, String key) {
    s3.putObject(p -> p.bucket(S3Server.BUCKET).key(key), RequestBody.fromString("text"));
  }

  private static Fault silent(Fault.Moment moment, Fault.Silence silence) {
    return Fault.silent("POST", TABLES, moment, silence);
  }

  private static void revoke(Privilege privilege) {
    workspace.grants().revoke(WorkspaceLab.CLIENT, privilege);
  }

  private static String quoted(String name) {
    return "`" + name.replace(".", "`.`") + "`";
  }

  private PlainClient.Answer create(String table, String key) throws Exception {
    return client.post(
        TABLES,
        """
        {"name": "%s", "catalog_name": "%s", "schema_name": "%s", "table_type": "EXTERNAL",
         "data_source_format": "DELTA", "storage_location": "%s", "columns": []}
        """
            .formatted(
                table, WorkspaceSimulator.CATALOG, workspace.stagingSchema(), lab.s3.url(key)));
  }

  private JsonNode register(String table, String key) throws Exception {
    PlainClient.Answer answer = create(table, key);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  private boolean exists(String table) throws Exception {
    String name = WorkspaceSimulator.CATALOG + "." + workspace.stagingSchema() + "." + table;
    return client.get(TABLES + "/" + name + "/exists").json().path("table_exists").asBoolean();
  }

  private PlainClient.Answer keys(String tableId) throws Exception {
    return client.post(
        "/api/2.0/unity-catalog/temporary-table-credentials",
        "{\"table_id\": \"" + tableId + "\", \"operation\": \"READ_WRITE\"}");
  }

  private PlainClient.Answer submit(String sql, String patience) throws Exception {
    return client.post(
        STATEMENTS,
        """
        {"warehouse_id": "%s", "statement": "%s", "wait_timeout": "%s"}
        """
            .formatted(WorkspaceSimulator.WAREHOUSE_ID, sql, patience));
  }

  private JsonNode run(String sql) throws Exception {
    return submit(sql, "50s").json();
  }

  private static String id(PlainClient.Answer answer) {
    return answer.json().path("statement_id").asText();
  }

  private String state(String id) throws Exception {
    return client.get(STATEMENTS + "/" + id).json().at("/status/state").asText();
  }

  private String ended(String id) throws Exception {
    workspace.warehouse().awaitEnd(id);
    return state(id);
  }
}
