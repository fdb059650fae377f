// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.service.catalog.ColumnInfo;
import com.databricks.sdk.service.catalog.ColumnTypeName;
import com.databricks.sdk.service.catalog.CreateTableRequest;
import com.databricks.sdk.service.catalog.DataSourceFormat;
import com.databricks.sdk.service.catalog.GenerateTemporaryPathCredentialRequest;
import com.databricks.sdk.service.catalog.GenerateTemporaryTableCredentialRequest;
import com.databricks.sdk.service.catalog.PathOperation;
import com.databricks.sdk.service.catalog.TableInfo;
import com.databricks.sdk.service.catalog.TableOperation;
import com.databricks.sdk.service.catalog.TableType;
import com.databricks.sdk.service.sql.ExecuteStatementRequest;
import com.databricks.sdk.service.sql.ListQueryHistoryRequest;
import com.databricks.sdk.service.sql.QueryFilter;
import com.databricks.sdk.service.sql.QueryInfo;
import com.databricks.sdk.service.sql.QueryStatus;
import com.databricks.sdk.service.sql.QueryTag;
import com.databricks.sdk.service.sql.State;
import com.databricks.sdk.service.sql.StatementParameterListItem;
import com.databricks.sdk.service.sql.StatementResponse;
import com.databricks.sdk.service.sql.StatementState;
import com.databricks.sdk.service.sql.TimeRange;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The vendor's own client finds in the simulator what it expects. */
class DatabricksClientTest {
  private static WorkspaceLab lab;
  private static WorkspaceSimulator workspace;
  private static WorkspaceClient client;

  @BeforeAll
  static void start() {
    lab = new WorkspaceLab();
    workspace = lab.workspace;
    client =
        new WorkspaceClient(
            new DatabricksConfig()
                .setHost(workspace.url().toString())
                .setAuthType("oauth-m2m")
                .setClientId(WorkspaceLab.CLIENT)
                .setClientSecret(WorkspaceLab.SECRET));
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  void readsTablesAndSchemas() {
    workspace.createTarget("described", "id STRING NOT NULL, amount DECIMAL(10, 2), n BIGINT");

    TableInfo table = client.tables().get(workspace.tableName("described"));

    assertThat(table.getTableType()).isEqualTo(TableType.MANAGED);
    assertThat(table.getTableId()).isNotEmpty();
    List<ColumnInfo> columns = List.copyOf(table.getColumns());
    assertThat(columns)
        .extracting(ColumnInfo::getTypeText)
        .containsExactly("string", "decimal(10,2)", "bigint");
    assertThat(columns)
        .extracting(ColumnInfo::getTypeName)
        .containsExactly(ColumnTypeName.STRING, ColumnTypeName.DECIMAL, ColumnTypeName.LONG);
    assertThat(columns).extracting(ColumnInfo::getNullable).containsExactly(false, true, true);
    assertThat(columns.get(1).getTypeJson())
        .isEqualTo(
            "{\"name\":\"amount\",\"type\":\"decimal(10,2)\",\"nullable\":true,\"metadata\":{}}");
    assertThat(
            client
                .schemas()
                .get(WorkspaceSimulator.CATALOG + "." + workspace.stagingSchema())
                .getName())
        .isEqualTo(workspace.stagingSchema());
    assertThatThrownBy(() -> client.tables().get(workspace.tableName("none")))
        .isInstanceOf(NotFound.class);
    assertThat(client.tables().exists(workspace.tableName("none")).getTableExists()).isFalse();
  }

  @Test
  void registersATableThatSqlThenReads() {
    String url = workspace.externalLocation() + "/export/a";
    TableInfo table =
        client
            .tables()
            .create(
                new CreateTableRequest()
                    .setName("staged")
                    .setCatalogName(WorkspaceSimulator.CATALOG)
                    .setSchemaName(workspace.stagingSchema())
                    .setTableType(TableType.EXTERNAL)
                    .setDataSourceFormat(DataSourceFormat.DELTA)
                    .setStorageLocation(url)
                    .setColumns(List.of(new ColumnInfo().setName("id").setTypeText("string"))));

    var keys =
        client
            .temporaryTableCredentials()
            .generateTemporaryTableCredentials(
                new GenerateTemporaryTableCredentialRequest()
                    .setTableId(table.getTableId())
                    .setOperation(TableOperation.READ_WRITE));

    assertThat(keys.getUrl()).isEqualTo(url);
    assertThat(keys.getExpirationTime())
        .isEqualTo(lab.clock.instant().plus(Duration.ofHours(1)).toEpochMilli());
    assertThat(keys.getAwsTempCredentials().getAccessKeyId())
        .isEqualTo(workspace.credentials().vended().get(0).accessKeyId());
    lab.writeTable("external/export/a", "('1', 'one'), ('2', NULL)");
    StatementResponse read = run("SELECT * FROM " + table.getFullName() + " ORDER BY id");
    assertThat(read.getResult().getDataArray())
        .containsExactly(List.of("1", "one"), Arrays.asList("2", null));
    client.tables().delete(table.getFullName());
    assertThat(run("SELECT * FROM " + table.getFullName()).getStatus().getSqlState())
        .isEqualTo("42P01");
    assertThatThrownBy(() -> client.tables().delete(table.getFullName()))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void getsKeysForPaths() {
    var keys =
        client
            .temporaryPathCredentials()
            .generateTemporaryPathCredentials(
                new GenerateTemporaryPathCredentialRequest()
                    .setUrl(workspace.externalLocation() + "/paths")
                    .setOperation(PathOperation.PATH_READ_WRITE));

    assertThat(keys.getAwsTempCredentials().getSessionToken()).isNotEmpty();
    assertThatThrownBy(
            () ->
                client
                    .temporaryPathCredentials()
                    .generateTemporaryPathCredentials(
                        new GenerateTemporaryPathCredentialRequest()
                            .setUrl(workspace.externalLocation())
                            .setOperation(PathOperation.PATH_READ_WRITE)))
        .isInstanceOfSatisfying(
            DatabricksError.class,
            e ->
                assertThat(e.getErrorDetails().errorInfo().orElseThrow().reason())
                    .isEqualTo("LOCATION_OVERLAP"));
  }

  @Test
  void runsStatementsAndFindsThemByTheirTag() {
    StatementResponse done =
        client
            .statementExecution()
            .executeStatement(
                request(
                        "SELECT :a AS a, id, DATE'2024-02-29' AS d, current_timestamp() IS NULL AS b"
                            + " FROM range(120)")
                    .setParameters(
                        List.of(
                            new StatementParameterListItem().setName("a").setValue("it's"),
                            new StatementParameterListItem().setName("b").setType("INT")))
                    .setQueryTags(List.of(new QueryTag().setKey("export").setValue("e1"))));

    assertThat(done.getStatus().getState()).isEqualTo(StatementState.SUCCEEDED);
    assertThat(done.getManifest().getTotalRowCount()).isEqualTo(120);
    assertThat(done.getResult().getDataArray())
        .hasSize(50)
        .contains(List.of("it's", "7", "2024-02-29", "false"));
    assertThat(
            client
                .statementExecution()
                .getStatementResultChunkN(done.getStatementId(), 2L)
                .getDataArray())
        .hasSize(20);
    QueryInfo found =
        client
            .queryHistory()
            .list(
                new ListQueryHistoryRequest()
                    .setMaxResults(10L)
                    .setFilterBy(
                        new QueryFilter()
                            .setWarehouseIds(List.of(WorkspaceSimulator.WAREHOUSE_ID))
                            .setStatuses(List.of(QueryStatus.FINISHED, QueryStatus.RUNNING))
                            .setQueryStartTimeRange(
                                new TimeRange()
                                    .setStartTimeMs(lab.clock.millis())
                                    .setEndTimeMs(lab.clock.millis()))))
            .getRes()
            .stream()
            .filter(query -> query.getQueryTags() != null)
            .findFirst()
            .orElseThrow();
    assertThat(found.getQueryId()).isEqualTo(done.getStatementId());
    assertThat(found.getQueryTags())
        .containsExactly(new QueryTag().setKey("export").setValue("e1"));
  }

  @Test
  void saysWhyAStatementFailed() {
    StatementResponse failed = run("SELECT nothing");

    assertThat(failed.getStatus().getState()).isEqualTo(StatementState.FAILED);
    assertThat(failed.getStatus().getSqlState()).isEqualTo("42703");
    assertThat(failed.getStatus().getError().getMessage()).startsWith("[UNRESOLVED_COLUMN");
    assertThat(client.warehouses().get(WorkspaceSimulator.WAREHOUSE_ID).getState())
        .isEqualTo(State.RUNNING);
  }

  @Test
  void wordsRefusalsAsTheServiceDoes() {
    workspace.grants().revoke(WorkspaceLab.CLIENT, Privilege.EXTERNAL_USE_LOCATION);
    try {
      assertThatThrownBy(
              () ->
                  client
                      .temporaryPathCredentials()
                      .generateTemporaryPathCredentials(
                          new GenerateTemporaryPathCredentialRequest()
                              .setUrl(workspace.externalLocation() + "/paths")
                              .setOperation(PathOperation.PATH_READ)))
          .isInstanceOfSatisfying(
              PermissionDenied.class,
              e ->
                  assertThat(e.getErrorDetails().errorInfo().orElseThrow().metadata())
                      .containsEntry("msg", "EXTERNAL USE LOCATION"));
    } finally {
      workspace.grants().grant(WorkspaceLab.CLIENT, Privilege.EXTERNAL_USE_LOCATION);
    }
  }

  @Test
  void repeatsWhatWasThrottled() {
    workspace
        .faults()
        .add(
            Fault.refusing(
                "GET",
                "/api/2.1/unity-catalog/schemas/.*",
                ApiError.throttled(Duration.ofSeconds(1))));

    assertThat(
            client.schemas().get(WorkspaceSimulator.CATALOG + "." + workspace.schema()).getName())
        .isEqualTo(workspace.schema());
  }

  private static ExecuteStatementRequest request(String sql) {
    return new ExecuteStatementRequest()
        .setWarehouseId(WorkspaceSimulator.WAREHOUSE_ID)
        .setStatement(sql)
        .setWaitTimeout("50s");
  }

  private static StatementResponse run(String sql) {
    return client.statementExecution().executeStatement(request(sql));
  }
}
