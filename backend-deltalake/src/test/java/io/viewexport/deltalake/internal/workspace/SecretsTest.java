// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import static io.viewexport.deltalake.testing.ScriptedServer.TOKENS;
import static io.viewexport.deltalake.testing.ScriptedServer.hangUp;
import static io.viewexport.deltalake.testing.ScriptedServer.json;
import static io.viewexport.deltalake.testing.ScriptedServer.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.S3Config;
import io.viewexport.deltalake.WorkspaceConfig;
import io.viewexport.deltalake.WorkspaceLimits;
import io.viewexport.deltalake.testing.ScriptedServer;
import io.viewexport.deltalake.testing.SteppedPause;
import io.viewexport.testkit.ManualStop;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever fails: nothing that is thrown or printed holds the secret, a token or a server's text.
 */
class SecretsTest {
  private static final S3Config STAGING =
      S3Config.builder().region("eu-central-1").allowedRoots(List.of("s3://bucket/p")).build();
  private static final String PATH = "/api/2.0/thing";
  private static final String ID = "client-of-mine";
  private static final String SECRET = "hidden-secret";
  private static final String TOKEN = "hidden-token";

  private final ScriptedServer server = new ScriptedServer();

  @AfterEach
  void close() {
    server.close();
  }

  private HttpWorkspace workspace(Supplier<ClientCredentials> credentials) {
    return HttpWorkspace.create(
        WorkspaceUrl.parse(server.url()), WorkspaceLimits.DEFAULT, credentials, new SteppedPause());
  }

  @Test
  void nothingThrownHoldsASecret() {
    String echo =
        "{\"error\":\"%1$s\",\"error_code\":\"%1$s\",\"message\":\"%1$s %2$s\",\"details\":[{\"reason\":\"%1$s\"}]}"
            .formatted(TOKEN, SECRET);
    List<ScriptedServer.Reply> replies =
        List.of(
            json(401, echo),
            json(403, echo),
            json(500, echo),
            json(200, TOKEN + SECRET),
            json(302, echo),
            hangUp());
    List<Throwable> thrown = new ArrayList<>();
    for (ScriptedServer.Reply reply : replies) {
      server.script(TOKENS, json(200, token(TOKEN, 3600)));
      server.script(PATH, reply);
      thrown.add(failure(() -> ClientCredentials.of(ID, SECRET)));
      server.script(TOKENS, reply);
      thrown.add(failure(() -> ClientCredentials.of(ID, SECRET)));
    }
    thrown.add(
        failure(
            () -> {
              throw new IllegalStateException("vault: " + SECRET);
            }));

    assertThat(thrown).doesNotContainNull().allSatisfy(each -> assertClean(print(each)));
  }

  private Throwable failure(Supplier<ClientCredentials> credentials) {
    HttpWorkspace workspace = workspace(credentials);
    return catchThrowable(() -> workspace.call(WorkspaceCall.get(PATH, new ManualStop())));
  }

  @Test
  void nothingPrintsASecret() {
    ClientCredentials credentials = ClientCredentials.of(ID, SECRET);
    WorkspaceConfig config = WorkspaceConfig.builder(server.url(), STAGING).build();

    assertClean(credentials.toString());
    assertClean(config.toString());
    assertClean(workspace(() -> credentials).toString());
    assertClean(new AccessToken(TOKEN).toString());
    assertClean(
        new Renewable.Fresh<>(TOKEN, Duration.ofHours(1), Duration.ofMinutes(1)).toString());
  }

  private static void assertClean(String text) {
    assertThat(text).isNotBlank().doesNotContain(SECRET, TOKEN, ID);
  }

  private static String print(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
