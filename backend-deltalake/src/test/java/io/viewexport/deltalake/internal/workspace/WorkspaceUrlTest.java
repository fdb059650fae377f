// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceUrlTest {
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
  }
}
