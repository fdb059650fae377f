// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import static io.viewexport.deltalake.testing.ScriptedServer.hangUp;
import static io.viewexport.deltalake.testing.ScriptedServer.json;
import static io.viewexport.deltalake.testing.ScriptedServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.WorkspaceLimits;
import io.viewexport.deltalake.internal.catalog.UnityCatalog.PathAccess;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.workspace.HttpWorkspace;
import io.viewexport.deltalake.internal.workspace.WorkspaceUrl;
import io.viewexport.deltalake.testing.ScriptedServer;
import io.viewexport.deltalake.testing.SteppedPause;
import io.viewexport.testkit.ManualStop;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnityCatalogTest {
  private static final String TABLES = "/api/2.1/unity-catalog/tables";
  private static final String TABLE = TABLES + "/main.fhir_staging.t_1";
  private static final TableName NAME = TableName.parse("main.fhir_staging.t_1");
  private static final String PLACE = "s3://bucket/staging/t_1";
  private static final LakeSchema COLUMNS =
      new LakeSchema(List.of(new ViewColumn("id", ColumnType.STRING, "text")), false);

  private final ScriptedServer server = new ScriptedServer();
  private final SteppedPause pause = new SteppedPause();
  private final ManualStop stop = new ManualStop();
  private final UnityCatalog catalog =
      new UnityCatalog(
          HttpWorkspace.create(
              WorkspaceUrl.parse(server.url()),
              WorkspaceLimits.DEFAULT,
              () -> ClientCredentials.of("client", "hidden-secret"),
              pause),
          pause);

  @AfterEach
  void close() {
    server.close();
  }

  private static String info(String location) {
    return """
    {"table_id":"uuid-1","table_type":"EXTERNAL","data_source_format":"DELTA",
     "storage_location":"%s","properties":{"delta.minReaderVersion":"1"},"columns":[
     {"name":"b","type_text":"decimal(10,2)","type_json":"x","nullable":false,"position":1},
     {"name":"a","type_text":"bigint","position":0}]}\
    """
        .formatted(location);
  }

  @Test
  void readsATable() {
    server.script(TABLE, json(200, info(PLACE)));

    CatalogTable table = catalog.findTable(NAME, stop).orElseThrow();

    assertThat(table.tableId()).isEqualTo("uuid-1");
    assertThat(table.tableType()).isEqualTo("EXTERNAL");
    assertThat(table.format()).isEqualTo("DELTA");
    assertThat(table.location()).contains(PLACE);
    assertThat(table.properties()).containsEntry("delta.minReaderVersion", "1");
    assertThat(table.columns())
        .containsExactly(
            new CatalogTable.Column("a", "bigint", "", true, 0),
            new CatalogTable.Column("b", "decimal(10,2)", "x", false, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TABLE_DOES_NOT_EXIST", "TABLE_NOT_FOUND", "RESOURCE_DOES_NOT_EXIST"})
  void aMissingTableIsNoFailure(String code) {
    server.script(TABLE, refusal(404, code, "", ""));

    assertThat(catalog.findTable(NAME, stop)).isEmpty();
    catalog.deleteTable(NAME, stop);
  }

  /** A clean-up would take a proxy's word for it that nothing is left. */
  @Test
  void whatIsNoAnswerOfTheCatalogSaysNothingOfATable() {
    server.script(TABLE, json(404, "<html>Not here</html>"));

    for (Runnable call :
        List.<Runnable>of(
            () -> catalog.findTable(NAME, stop), () -> catalog.deleteTable(NAME, stop))) {
      ExportException e = catchThrowableOfType(ExportException.class, call::run);
      assertThat(e.code()).isEqualTo("workspace-answer-not-understood");
      assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SCHEMA_DOES_NOT_EXIST, schema-not-found",
    "CATALOG_DOES_NOT_EXIST, catalog-not-found",
  })
  void aMissingSchemaIsAFailureForWhoeverLooksForATable(String code, String ours) {
    server.script(TABLE, refusal(404, code, "", ""));

    assertThat(
            catchThrowableOfType(ExportException.class, () -> catalog.findTable(NAME, stop)).code())
        .isEqualTo(ours);
    catalog.deleteTable(NAME, stop);
  }

  @Test
  void saysWhetherThereIsASchema() {
    String path = "/api/2.1/unity-catalog/schemas/main.fhir_staging";
    server.script(path, json(200, "{}"), refusal(404, "SCHEMA_DOES_NOT_EXIST", "", ""));

    assertThat(catalog.schemaExists("main", "fhir_staging", stop)).isTrue();
    assertThat(catalog.schemaExists("main", "fhir_staging", stop)).isFalse();
  }

  @Test
  void registersATableWithItsColumns() throws Exception {
    server.script(TABLES, json(200, info(PLACE)));
    List<ColumnType> types =
        List.of(
            ColumnType.BOOLEAN,
            ColumnType.INT,
            ColumnType.BIGINT,
            ColumnType.FLOAT,
            ColumnType.DOUBLE,
            ColumnType.decimal(10, 2),
            ColumnType.STRING,
            ColumnType.BINARY,
            ColumnType.DATE,
            ColumnType.TIMESTAMP);
    List<ViewColumn> columns =
        types.stream().map(type -> new ViewColumn("c\"" + type, type, "any")).toList();

    catalog.createExternalTable(NAME, new LakeSchema(columns, false), PLACE, stop);

    JsonNode sent = new ObjectMapper().readTree(server.asked(TABLES).get(0).body());
    assertThat(sent.path("catalog_name").asText()).isEqualTo("main");
    assertThat(sent.path("schema_name").asText()).isEqualTo("fhir_staging");
    assertThat(sent.path("name").asText()).isEqualTo("t_1");
    assertThat(sent.path("table_type").asText()).isEqualTo("EXTERNAL");
    assertThat(sent.path("data_source_format").asText()).isEqualTo("DELTA");
    assertThat(sent.path("storage_location").asText()).isEqualTo(PLACE);
    assertThat(sent.path("columns").findValuesAsText("type_text"))
        .containsExactly(
            "boolean",
            "int",
            "bigint",
            "float",
            "double",
            "decimal(10,2)",
            "string",
            "binary",
            "date",
            "timestamp");
    assertThat(sent.path("columns").findValuesAsText("type_name"))
        .containsExactly(
            "BOOLEAN",
            "INT",
            "LONG",
            "FLOAT",
            "DOUBLE",
            "DECIMAL",
            "STRING",
            "BINARY",
            "DATE",
            "TIMESTAMP");
    assertThat(sent.path("columns").path(1).path("type_json").asText())
        .isEqualTo(
            "{\"name\":\"c\\\"INT\",\"type\":\"integer\",\"nullable\":true,\"metadata\":{}}");
    assertThat(sent.path("columns").path(2).path("type_json").asText()).contains(":\"long\"");
    assertThat(sent.path("columns").path(5).path("type_precision").asInt()).isEqualTo(10);
    assertThat(sent.path("columns").path(5).path("type_scale").asInt()).isEqualTo(2);
    assertThat(sent.path("columns").path(9).path("position").asInt()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({
    "400, TABLE_ALREADY_EXISTS, s3://bucket/staging/t_1",
    "409, RESOURCE_ALREADY_EXISTS, s3://bucket/staging/t_1/",
    "409, ALREADY_EXISTS, s3a://bucket/staging/t_1",
  })
  void aTableThatIsThereAtTheSamePlaceIsDone(int status, String code, String place) {
    server.script(TABLES, hangUp(), refusal(status, code, "", ""));
    server.script(TABLE, json(200, info(place)));

    assertThat(catalog.createExternalTable(NAME, COLUMNS, PLACE, stop).tableId())
        .isEqualTo("uuid-1");
  }

  @Test
  void aTableOfThatNameAtAnotherPlaceIsInTheWay() {
    server.script(TABLES, refusal(409, "TABLE_ALREADY_EXISTS", "", ""));
    server.script(TABLE, json(200, info(PLACE + "0")));

    ExportException failure =
        catchThrowableOfType(
            ExportException.class, () -> catalog.createExternalTable(NAME, COLUMNS, PLACE, stop));

    assertThat(failure.code()).isEqualTo("table-exists");
    assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
  }

  @Test
  void aTableThatIsThereAndGoneIsTriedAgainLater() {
    server.script(TABLES, refusal(409, "TABLE_ALREADY_EXISTS", "", ""));
    server.script(TABLE, refusal(404, "TABLE_DOES_NOT_EXIST", "", ""));

    assertThat(
            catchThrowableOfType(
                    ExportException.class,
                    () -> catalog.createExternalTable(NAME, COLUMNS, PLACE, stop))
                .kind())
        .isEqualTo(FailureKind.RETRYABLE);
  }

  @Test
  void asksForCredentialsByIdAndByPath() {
    String creds =
        "{\"aws_temp_credentials\":{\"access_key_id\":\"i\",\"secret_access_key\":\"s\",\"session_token\":\"t\"}}";
    String byTable = "/api/2.0/unity-catalog/temporary-table-credentials";
    String byPath = "/api/2.0/unity-catalog/temporary-path-credentials";
    server.script(TABLE, json(200, info(PLACE)));
    server.script(byTable, json(200, creds));
    server.script(byPath, json(200, creds));
    CatalogTable table = catalog.findTable(NAME, stop).orElseThrow();

    catalog.credentialsFor(table, stop).resolveCredentials();
    catalog.credentialsFor(PLACE, PathAccess.PATH_READ_WRITE, stop).resolveCredentials();

    assertThat(server.asked(byTable).get(0).body())
        .isEqualTo("{\"table_id\":\"uuid-1\",\"operation\":\"READ_WRITE\"}");
    assertThat(server.asked(byPath).get(0).body())
        .isEqualTo("{\"url\":\"" + PLACE + "\",\"operation\":\"PATH_READ_WRITE\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "a'b, a%27b",
    "a\"b, a%22b",
    "a`b, a%60b",
    "a\\b, a%5Cb",
    "\u00e9, %C3%A9",
    "\ud83d\ude00, %F0%9F%98%80",
    "a?b=c#d, a%3Fb%3Dc%23d",
    "a%2fb, a%252fb",
    "a+b, a%2Bb",
    "a;b, a%3Bb",
  })
  void namesAreEncoded(String schema, String encoded) {
    TableName name = TableName.parse("main." + schema + ".t");

    assertThat(CatalogPaths.table(name))
        .isEqualTo(TABLES + "/main." + encoded.replace("%C3%89", "%C3%A9") + ".t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.b",
        "a.b.c.d",
        "..",
        "a..c",
        ".b.c",
        "a.b.",
        "a.b/.c",
        "a.b c.d",
        "a.b.\u0000",
        "a.b.\n"
      })
  void whatIsNoNameOfATableIsRefused(String text) {
    assertThatThrownBy(() -> TableName.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesAreTheSameInWhateverCase() {
    assertThat(TableName.parse("Main.FHIR.T")).isEqualTo(TableName.parse("main.fhir.t"));
  }
}
