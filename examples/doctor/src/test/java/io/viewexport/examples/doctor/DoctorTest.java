// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoctorTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(Arguments.CLIENT_ID, "someone", Arguments.CLIENT_SECRET, "a-secret");

  /** Nothing listens there. */
  private static final List<String> NOWHERE =
      List.of(
          "--workspace",
          "http://127.0.0.1:1",
          "--warehouse",
          "w",
          "--table",
          "main.fhir.patient",
          "--staging",
          "s3://lake/exports/staging",
          "--region",
          "eu-central-1");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(Map<String, String> environment, List<String> args) {
    return new Doctor(stream(out), stream(err), environment).run(args);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static List<String> with(List<String> args, String... more) {
    List<String> all = new ArrayList<>(args);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void aWorkspaceThatIsNotThereIsStatusOneWithAReport() {
    assertThat(run(ENVIRONMENT, with(NOWHERE, "--endpoint", "http://127.0.0.1:1", "--path-style")))
        .isEqualTo(1);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("FAILED   workspace", "SKIPPED  token", "19 checks:")
        .doesNotContain("a-secret");
  }

  @Test
  void helpIsStatusZero() {
    assertThat(run(Map.of(), List.of("--help"))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("DATABRICKS_CLIENT_SECRET");
  }

  @Test
  void whatIsMissingIsNamedAndIsStatusTwo() {
    assertThat(run(Map.of(), NOWHERE.subList(2, NOWHERE.size()))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--workspace", "DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET")
        .doesNotContain("--region");
  }

  @Test
  void wrongArgumentsAreStatusTwo() {
    assertThat(run(ENVIRONMENT, with(NOWHERE, "--verbose"))).isEqualTo(2);
    assertThat(run(ENVIRONMENT, with(NOWHERE, "--endpoint"))).isEqualTo(2);
    assertThat(run(ENVIRONMENT, with(NOWHERE, "--region", "again"))).isEqualTo(2);
    assertThat(run(ENVIRONMENT, replaced("main.fhir.patient", "patient"))).isEqualTo(2);
    assertThat(run(ENVIRONMENT, replaced("s3://lake/exports/staging", "s3://lake"))).isEqualTo(2);
    assertThat(run(ENVIRONMENT, replaced("http://127.0.0.1:1", "http://example.com"))).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private static List<String> replaced(String value, String other) {
    return NOWHERE.stream().map(arg -> arg.equals(value) ? other : arg).toList();
  }
}
