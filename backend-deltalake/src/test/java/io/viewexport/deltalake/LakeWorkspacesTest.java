// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.deltalake.internal.catalog.UnityCatalog;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeWorkspacesTest {
  private static final String URL = "https://dbc-1234.cloud.databricks.com";
  private static final S3Config STAGING =
      S3Config.builder()
          .region("eu-central-1")
          .allowedRoots(List.of("s3://bucket/staging"))
          .build();

  private static LakeWorkspace workspace(String url) {
    WorkspaceApi nobody =
        call -> {
          throw new AssertionError("nothing is to be called");
        };
    return new LakeWorkspace(
        WorkspaceConfig.builder(url, STAGING).build(),
        nobody,
        new UnityCatalog(nobody, Pause.real()),
        S3Access.create(STAGING),
        Map.of());
  }

  @Test
  void onlyWhatTheHostAllowsIsFound() {
    LakeWorkspace allowed = workspace(URL);
    LakeWorkspaces workspaces =
        new LakeWorkspaces(List.of(allowed, workspace("https://other.example")));

    assertThat(workspaces.find("DBC-1234.cloud.databricks.com:443/")).containsSame(allowed);
    assertThat(workspaces.find("https://evil.example")).isEmpty();
    assertThat(workspaces.find(URL + ".evil.example")).isEmpty();
    assertThat(workspaces.find(URL + ":444")).isEmpty();
    assertThat(workspaces.single()).isEmpty();
    assertThat(new LakeWorkspaces(List.of(allowed)).single()).containsSame(allowed);
    assertThat(new LakeWorkspaces(List.of()).isEmpty()).isTrue();
  }

  @Test
  void aWorkspaceIsConfiguredOnce() {
    assertThatThrownBy(() -> new LakeWorkspaces(List.of(workspace(URL), workspace(URL + "/"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "https://user:x@dbc-1234.cloud.databricks.com", "a b", "\u0000"})
  void whatIsNoUrlIsNotFound(String text) {
    assertThat(new LakeWorkspaces(List.of(workspace(URL))).find(text)).isEmpty();
  }

  @Test
  void stagingIsBelowTheOnlyRootWhereNoneIsNamed() {
    assertThat(workspace(URL).usualStaging()).contains("s3://bucket/staging/viewexport-staging");
    assertThat(workspace(URL).resolveStaging("s3a://bucket/staging/x/"))
        .isEqualTo("s3://bucket/staging/x");
  }
}
