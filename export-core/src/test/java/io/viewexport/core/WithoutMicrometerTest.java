// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.job.JobId;
import io.viewexport.core.store.InMemoryJobStore;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WithoutMicrometerTest {
  private static final String MICROMETER = "io.micrometer.core.instrument.MeterRegistry";

  /** What a host without Micrometer does; called in a class loader that does not have it. */
  static String runAJob() {
    Rig rig = new Rig();
    try (ExportService server =
        ExportService.builder()
            .store(InMemoryJobStore.create())
            .source(rig.source)
            .backend(rig.backend)
            .listener(rig.events)
            .build()) {
      server.start();
      JobId job = server.submit(Rig.request(1, "sof.patient")).id();
      Await.until("the job ends", () -> server.find(job).orElseThrow().state().isFinal());
      return server.find(job).orElseThrow().state().code();
    }
  }

  @Test
  void aHostWithoutItRunsJobs() throws Exception {
    try (URLClassLoader host =
        new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> host.loadClass(MICROMETER))
          .isInstanceOf(ClassNotFoundException.class);
      Class<?> there = host.loadClass(WithoutMicrometerTest.class.getName());
      Method run = there.getDeclaredMethod("runAJob");
      run.setAccessible(true);

      assertThat(there).isNotSameAs(WithoutMicrometerTest.class);
      assertThat(run.invoke(null)).isEqualTo("completed");
    }
  }

  private static URL[] classPath() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("micrometer")) {
        URI uri = new File(entry).toURI();
        urls.add(uri.toURL());
      }
    }
    return urls.toArray(URL[]::new);
  }

  @Test
  void onlyTheMetricsReferToIt() throws IOException, URISyntaxException {
    Path classes =
        Path.of(ExportService.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes)) {
      List<Path> users =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .filter(WithoutMicrometerTest::refersToIt)
              .map(file -> classes.relativize(file).getParent())
              .distinct()
              .toList();
      assertThat(users).containsExactly(Path.of("io/viewexport/core/metrics"));
    }
  }

  private static boolean refersToIt(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
          .contains("io/micrometer/");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
