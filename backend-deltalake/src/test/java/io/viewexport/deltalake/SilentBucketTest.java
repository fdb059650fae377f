// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.testing.DeltaRows;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.deltalake.testing.SilentS3;
import io.viewexport.deltalake.testing.SilentS3.Silence;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** A store that accepts a connection and then says nothing. */
@Timeout(120)
class SilentBucketTest {
  private static final int MIB = 1024 * 1024;
  private static final ViewName VIEW = new ViewName("sof", "patient");

  private static S3Server server;
  private static int tables;

  private final String name = "t" + tables++;

  @BeforeAll
  static void start() {
    server = S3Server.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static S3Config.Builder config() {
    return BackendOnS3.config(server).partBytes(5 * MIB);
  }

  /** A part may take eight seconds. */
  private static S3Config hasty() {
    return config()
        .connectTimeout(Duration.ofSeconds(1))
        .answerTimeout(Duration.ofSeconds(1))
        .build();
  }

  /** Meets one of these requests. */
  private static SilentS3 silent(Silence silence, Predicate<SdkHttpRequest> wanted) {
    AtomicBoolean met = new AtomicBoolean();
    return new SilentS3(
        S3Access.connections(config().build()),
        S3Access.connections(config().answerTimeout(Duration.ofMillis(300)).build()),
        request ->
            request.method() == SdkHttpMethod.PUT
                    && wanted.test(request)
                    && met.compareAndSet(false, true)
                ? Optional.of(silence)
                : Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "REQUEST_SWALLOWED, staging/.*parquet",
    "ANSWER_SWALLOWED, staging/.*parquet",
    "REQUEST_SWALLOWED, staging/.*0[.]json",
    "ANSWER_SWALLOWED, staging/.*0[.]json",
    "REQUEST_SWALLOWED, t[0-9]+/_delta_log/0*1[.]json",
    "ANSWER_SWALLOWED, t[0-9]+/_delta_log/0*1[.]json"
  })
  void anExportGoesOnInTheSameAttempt(Silence silence, String path) throws IOException {
    ViewSchema schema = new ViewSchema(List.of(SampleRows.column("id", ColumnType.STRING)));
    ManualJob job =
        new ManualJob(
            ExportRequest.builder(DeltaLakeBackend.KIND)
                .view(VIEW)
                .parameter("tablePath", server.url(name))
                .build(),
            new SampleViewSource().put(VIEW, SampleRows.of(schema, row("a"), row("b"))));
    SilentS3 http = silent(silence, request -> request.encodedPath().matches(".*[./-]" + path));
    try (DeltaLakeBackend backend = BackendOnS3.create(server, hasty(), http)) {
      job.run(backend);

      assertThat(http.count()).isEqualTo(1);
      assertThat(
              DeltaRows.read(
                  BackendOnS3.storage(
                          server, config().build(), S3Access.connections(config().build()))
                      .engine(),
                  server.url(name)))
          .extracting(found -> found.get("id"))
          .containsExactlyInAnyOrder("a", "b");
    }
    try (Stream<Path> log = Files.list(server.folder().resolve(name + "/_delta_log"))) {
      assertThat(log.filter(file -> file.toString().endsWith(".json"))).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Silence.class)
  void anUploadIsGoneOnWith(Silence silence) throws IOException {
    byte[] bytes = new byte[12 * MIB];
    new Random(1).nextBytes(bytes);
    SilentS3 http =
        silent(silence, request -> request.rawQueryParameters().containsKey("partNumber"));
    try (S3Access access = S3Access.create(hasty(), http)) {
      FileIO io = BackendOnS3.storage(server, access.config(), http).fileIo();
      try (var out = io.newOutputFile(server.url(name)).create(false)) {
        out.write(bytes);
      }
    }

    assertThat(http.count()).isEqualTo(1);
    assertThat(server.folder().resolve(name)).hasBinaryContent(bytes);
  }
}
