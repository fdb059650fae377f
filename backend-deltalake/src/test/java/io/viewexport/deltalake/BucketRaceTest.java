// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.testkit.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Sixteen writers in four processes, which know nothing of each other, commit to one table in a
 * bucket by Delta Kernel. The store alone decides who gets a version.
 *
 * <p>Each makes {@value #COMMITS} commits in the build. Longer:
 *
 * <pre>{@code
 * mvn test -pl backend-deltalake -am -Dtest=BucketRaceTest -Dsurefire.failIfNoSpecifiedTests=false
 *     -Dbucket.race.commits=50
 * }</pre>
 */
class BucketRaceTest {
  private static final int PROCESSES = 4;
  private static final int THREADS = 4;
  private static final int COMMITS = 2;
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final Pattern TRANSACTION =
      Pattern.compile("\"txn\":\\{\"appId\":\"([^\"]+)\",\"version\":([0-9]+)");

  private final int commits = Integer.getInteger("bucket.race.commits", COMMITS);

  @Test
  void everyAcknowledgedCommitIsThereOnceAndNoVersionIsMissing() throws Exception {
    try (S3Server server = S3Server.start()) {
      createTable(server);

      List<String> acknowledged = race(server);

      assertThat(acknowledged).doesNotHaveDuplicates().hasSize(PROCESSES * THREADS * commits);
      Path log = server.folder().resolve("t/_delta_log");
      assertThat(names(log))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(0, acknowledged.size())
                  .mapToObj(version -> String.format("%020d.json", version))
                  .toList());
      assertThat(transactions(log)).containsExactlyInAnyOrderElementsOf(acknowledged);
    }
  }

  private static void createTable(S3Server server) {
    S3Config config = BackendOnS3.config(server).build();
    Engine engine =
        BackendOnS3.storage(
                server, config, BackendOnS3.faulty(config, (number, request) -> Optional.empty()))
            .engine();
    StructType schema = new StructType().add("id", StringType.STRING);
    TableManager.buildCreateTableTransaction(server.url("t"), schema, "test")
        .build(engine)
        .commit(engine, CloseableIterable.emptyIterable());
  }

  /** What the writers say is committed. */
  private List<String> race(S3Server server) throws Exception {
    List<ChildJvm> children = new ArrayList<>();
    List<String> acknowledged = new ArrayList<>();
    try (ServerSocket gate = new ServerSocket(0, PROCESSES, InetAddress.getLoopbackAddress())) {
      for (int process = 0; process < PROCESSES; process++) {
        children.add(start(server, "p" + process, gate.getLocalPort()));
      }
      open(gate);
      for (ChildJvm child : children) {
        for (int commit = 0; commit < THREADS * commits; commit++) {
          String said = child.awaitLine("writer ", DEADLINE).substring("writer ".length());
          assertThat(said).doesNotEndWith("failed");
          acknowledged.add(said);
        }
        assertThat(child.awaitExit(DEADLINE)).isZero();
      }
      return acknowledged;
    } finally {
      children.forEach(ChildJvm::close);
    }
  }

  private ChildJvm start(S3Server server, String name, int gate) {
    return ChildJvm.start(
        BucketWriters.class,
        List.of("-Xmx128m", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        List.of(
            server.endpoint().toString(),
            server.owner().accessKeyId(),
            server.owner().secretAccessKey(),
            server.url("t"),
            name,
            String.valueOf(THREADS),
            String.valueOf(commits),
            String.valueOf(gate)));
  }

  /** Lets all go at once, as soon as all have come. */
  private static void open(ServerSocket gate) throws IOException {
    gate.setSoTimeout((int) DEADLINE.toMillis());
    List<Socket> waiting = new ArrayList<>();
    try {
      while (waiting.size() < PROCESSES) {
        waiting.add(gate.accept());
      }
    } finally {
      for (Socket each : waiting) {
        each.close();
      }
    }
  }

  private static List<String> names(Path log) throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .toList();
    }
  }

  private static List<String> transactions(Path log) throws IOException {
    List<String> found = new ArrayList<>();
    for (String name : names(log)) {
      for (MatchResult match :
          TRANSACTION.matcher(Files.readString(log.resolve(name))).results().toList()) {
        found.add(match.group(1) + " " + match.group(2));
      }
    }
    return found;
  }
}
