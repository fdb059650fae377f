// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import io.unitycatalog.client.ApiClient;
import io.unitycatalog.client.ApiClientBuilder;
import io.unitycatalog.client.ApiException;
import io.unitycatalog.client.api.TablesApi;
import io.unitycatalog.client.api.TemporaryCredentialsApi;
import io.unitycatalog.client.auth.TokenProvider;
import io.unitycatalog.client.model.ColumnInfo;
import io.unitycatalog.client.model.ColumnTypeName;
import io.unitycatalog.client.model.CreateTable;
import io.unitycatalog.client.model.DataSourceFormat;
import io.unitycatalog.client.model.GenerateTemporaryPathCredential;
import io.unitycatalog.client.model.GenerateTemporaryTableCredential;
import io.unitycatalog.client.model.PathOperation;
import io.unitycatalog.client.model.TableInfo;
import io.unitycatalog.client.model.TableOperation;
import io.unitycatalog.client.model.TableType;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** So does the client of the open catalog, which calls version 2.1 of everything. */
class UnityCatalogClientTest {

  @Test
  void registersATableAndGetsKeys() throws Exception {
    try (WorkspaceLab lab = new WorkspaceLab()) {
      ApiClient client =
          ApiClientBuilder.create().uri(lab.workspace.url()).tokenProvider(token(lab)).build();
      TablesApi tables = new TablesApi(client);
      TemporaryCredentialsApi keys = new TemporaryCredentialsApi(client);
      String url = lab.workspace.externalLocation() + "/oss/a";
      CreateTable create =
          new CreateTable()
              .name("oss")
              .catalogName(WorkspaceSimulator.CATALOG)
              .schemaName(lab.workspace.stagingSchema())
              .tableType(TableType.EXTERNAL)
              .dataSourceFormat(DataSourceFormat.DELTA)
              .storageLocation(url)
              .addColumnsItem(
                  new ColumnInfo()
                      .name("id")
                      .typeName(ColumnTypeName.STRING)
                      .typeText("string")
                      .typeJson("{}")
                      .position(0));

      TableInfo table = tables.createTable(create);

      assertThat(table.getStorageLocation()).isEqualTo(url);
      assertThat(
              keys.generateTemporaryTableCredentials(
                      new GenerateTemporaryTableCredential()
                          .tableId(table.getTableId())
                          .operation(TableOperation.READ_WRITE))
                  .getAwsTempCredentials())
          .isNotNull();
      assertThat(
              keys.generateTemporaryPathCredentials(
                      new GenerateTemporaryPathCredential()
                          .url(url)
                          .operation(PathOperation.PATH_READ))
                  .getExpirationTime())
          .isEqualTo(lab.clock.millis() + 3_600_000);
      refused(400, () -> tables.createTable(create));
      tables.deleteTable(fullName(table));
      refused(404, () -> tables.getTable(fullName(table), false, false));
    }
  }

  private static String fullName(TableInfo table) {
    return table.getCatalogName() + "." + table.getSchemaName() + "." + table.getName();
  }

  private static TokenProvider token(WorkspaceLab lab) {
    Map<String, String> headers =
        new WorkspaceClient(
                new DatabricksConfig()
                    .setHost(lab.workspace.url().toString())
                    .setAuthType("oauth-m2m")
                    .setClientId(WorkspaceLab.CLIENT)
                    .setClientSecret(WorkspaceLab.SECRET))
            .config()
            .authenticate();
    String header = Objects.requireNonNull(headers.get("Authorization"));
    return TokenProvider.create(
        Map.of("type", "static", "token", header.substring("Bearer ".length())));
  }

  private static void refused(int status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.getCode()).isEqualTo(status));
  }
}
