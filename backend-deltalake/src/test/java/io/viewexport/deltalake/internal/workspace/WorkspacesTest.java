// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.WorkspaceConfig;
import io.viewexport.deltalake.internal.workspace.Workspaces.Workspace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspacesTest {
  private static final String URL = "https://dbc-1234.cloud.databricks.com";

  private static Workspace workspace(String url) {
    return Workspace.of(
        WorkspaceConfig.builder(url).stagingRoots(List.of("s3://bucket/staging")).build(),
        () -> ClientCredentials.of("client", "secret"),
        Pause.real());
  }

  @ParameterizedTest
  @CsvSource({
    "https://dbc-1.cloud.databricks.com, https://dbc-1.cloud.databricks.com",
    "https://dbc-1.cloud.databricks.com/, https://dbc-1.cloud.databricks.com",
    "HTTPS://DBC-1.Cloud.Databricks.Com:443, https://dbc-1.cloud.databricks.com",
    "dbc-1.cloud.databricks.com, https://dbc-1.cloud.databricks.com",
    "' https://dbc-1.cloud.databricks.com ', https://dbc-1.cloud.databricks.com",
    "https://dbc-1.cloud.databricks.com:8443, https://dbc-1.cloud.databricks.com:8443",
    "http://127.0.0.1:8080, http://127.0.0.1:8080",
    "http://localhost, http://localhost",
    "http://[::1]:81, http://[::1]:81",
    "adb-12.3.azuredatabricks.net, https://adb-12.3.azuredatabricks.net",
  })
  void aUrlHasOneForm(String text, String canonical) {
    assertThat(WorkspaceUrl.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://",
        "http://dbc-1.cloud.databricks.com",
        "ftp://dbc-1.cloud.databricks.com",
        "https://user:secret@dbc-1.cloud.databricks.com",
        "https://dbc-1.cloud.databricks.com/path",
        "https://dbc-1.cloud.databricks.com//",
        "https://dbc-1.cloud.databricks.com?x=1",
        "https://dbc-1.cloud.databricks.com#x",
        "https://dbc-1.cloud.databricks.com\\@evil.example",
        "https://dbc-1.cloud.databricks.com:0",
        "https://dbc-1.cloud.databricks.com:99999",
        "https://dbc-1.cloud.databricks.com:x",
        "https://dbc_1.databricks.com",
        "https://dbc-1.cloud.databricks.com.",
        "https://dbc-1%2ecloud.databricks.com",
        "https://xn--\u0131.com",
        "https://\uff44bc-1.cloud.databricks.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://0x7f.1",
        "https://a b",
        "javascript:alert(1)"
      })
  void whatIsNoUrlOfAWorkspaceIsRefusedWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> WorkspaceUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThat(Workspaces.of(List.of(workspace(URL))).find(text)).isEmpty();
  }

  @Test
  void onlyWhatTheHostAllowsIsFound() {
    Workspace allowed = workspace(URL);
    Workspaces workspaces = Workspaces.of(List.of(allowed, workspace("https://other.example")));

    assertThat(workspaces.find("DBC-1234.cloud.databricks.com:443/")).containsSame(allowed);
    assertThat(workspaces.find("https://evil.example")).isEmpty();
    assertThat(workspaces.find(URL + ".evil.example")).isEmpty();
    assertThat(workspaces.find(URL + ":444")).isEmpty();
    assertThat(workspaces.single()).isEmpty();
    assertThat(Workspaces.of(List.of(allowed)).single()).containsSame(allowed);
    assertThat(Workspaces.of(List.of()).isEmpty()).isTrue();
  }

  @Test
  void aWorkspaceIsConfiguredOnce() {
    assertThatThrownBy(() -> Workspaces.of(List.of(workspace(URL), workspace(URL + "/"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }
}
