// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import static io.viewexport.examples.server.FhirClient.OPERATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.core.fhir.ResponseProfile;
import io.viewexport.deltalake.oracle.SparkOracle;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers as processes on one database. */
class TwoPodsTest {
  private static final int ROWS = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder = Path.of("");

  @Test
  void anotherPodFinishesWhatAKilledOneBegan() throws Exception {
    ServerOptions options = TestServers.options(Framework.LIGHT, ResponseProfile.REFERENCE, folder);
    Path table = options.lake().resolve("slow");
    int port = freePort();
    try (SlowView slow = SlowView.create(ROWS, 2);
        PodProcess first = PodProcess.start(options, TestServers.jdbcUrl(), port);
        PodProcess second = PodProcess.start(options, TestServers.jdbcUrl(), 0)) {
      slow.describeIn(options.views());
      FhirClient toFirst = new FhirClient(first.awaitBaseUrl(), "ann");
      String secondBase = second.awaitBaseUrl();
      FhirClient toSecond = new FhirClient(secondBase, "ann");
      HttpResponse<String> kickOff =
          toFirst.send("POST", "/" + OPERATION, FhirClient.parameters(SlowView.ID, table));
      assertThat(kickOff.statusCode()).as(kickOff.body()).isEqualTo(202);
      String path = FhirClient.location(kickOff);
      String status = secondBase + path.substring(path.indexOf("/ViewDefinition/"));
      awaitReader(slow, "viewexport-server-" + port);
      HttpResponse<String> running = toSecond.get(status);
      assertThat(running.statusCode()).isEqualTo(202);
      assertThat(running.body()).contains("\"advice\"", "key-not-proven-unique");

      first.kill();
      assertThat(toSecond.get(status).statusCode()).isEqualTo(202);

      HttpResponse<String> end = toSecond.poll(status);
      assertThat(end.statusCode()).isEqualTo(200);
      assertThat(end.body())
          .contains("completed")
          .contains("\"name\":\"rowCount\",\"valueDecimal\":" + ROWS);
      List<String> found =
          SparkOracle.shared()
              .query("SELECT count(*), count(DISTINCT id) FROM " + SparkOracle.table(table))
              .get(0)
              .stream()
              .map(String::valueOf)
              .toList();
      assertThat(found).containsExactly("" + ROWS, "" + ROWS);
    }
  }

  private static void awaitReader(SlowView view, String application) throws Exception {
    long start = System.nanoTime();
    while (!view.isReadBy(application)) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
