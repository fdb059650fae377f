// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceConfigTest {

  private static WorkspaceConfig.Builder config() {
    return WorkspaceConfig.builder(
        "https://Dbc-1.cloud.databricks.com/", staging(List.of("s3://bucket/staging")));
  }

  private static S3Config staging(List<String> roots) {
    return S3Config.builder().region("us-east-1").allowedRoots(roots).build();
  }

  @Test
  void keepsAllInOneForm() {
    WorkspaceConfig config =
        config()
            .workspaceId("1234")
            .region("us-east-1")
            .warehouseId("abc123")
            .allowedTargets(List.of("Main.Fhir", "sandbox"))
            .build();

    assertThat(config.url()).hasToString("https://dbc-1.cloud.databricks.com");
    assertThat(config.allowedTargets()).containsExactly("main.fhir", "sandbox");
    assertThat(config.limits()).isEqualTo(WorkspaceLimits.DEFAULT);
  }

  @Test
  void demandsAStagingRoot() {
    assertThatThrownBy(() -> WorkspaceConfig.builder("https://a.b", staging(List.of())).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b.c", "a/b", ".", "a.", "a b"})
  void whatIsNoCatalogOrSchemaIsRefused(String target) {
    assertThatThrownBy(() -> config().allowedTargets(List.of(target)).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "main, fhir, true",
    "MAIN, FHIR, true",
    "main, fhir2, false",
    "main, other, false",
    "sandbox, any, true",
    "sandbox2, any, false",
  })
  void aTargetIsAllowedByItsCatalogOrItsSchema(String catalog, String schema, boolean allowed) {
    WorkspaceConfig some = config().allowedTargets(List.of("main.fhir", "sandbox")).build();

    assertThat(some.allowsTarget(catalog, schema)).isEqualTo(allowed);
    assertThat(config().build().allowsTarget(catalog, schema)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "../x", "a\nb"})
  void idsAreWords(String id) {
    assertThatThrownBy(() -> config().warehouseId(id).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> config().workspaceId(id).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> config().region(id).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void limitsHaveRanges() {
    Duration minute = Duration.ofMinutes(1);
    assertThatThrownBy(() -> new WorkspaceLimits(Duration.ZERO, minute, minute, minute, 1))
        .hasMessageContaining("connectTimeout");
    assertThatThrownBy(() -> new WorkspaceLimits(minute, minute, Duration.ofSeconds(59), minute, 1))
        .hasMessageContaining("callDeadline");
    assertThatThrownBy(() -> new WorkspaceLimits(minute, minute, minute, Duration.ofDays(2), 1))
        .hasMessageContaining("warehouseStart");
    assertThatThrownBy(() -> new WorkspaceLimits(minute, minute, minute, minute, 0))
        .hasMessageContaining("requestsPerSecond");
  }

  @ParameterizedTest
  @CsvSource({"'', secret", "id, ''", "i:d, secret"})
  void credentialsAreComplete(String id, String secret) {
    assertThatThrownBy(() -> ClientCredentials.of(id, secret))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
