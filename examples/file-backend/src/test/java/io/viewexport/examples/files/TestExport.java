// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.examples.files.LocalFileStorage.Survival;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** One view exported by hand to a folder. */
final class TestExport {
  static final ViewName VIEW = new ViewName("sof", "patient");

  private final Path root;
  private final SampleRows rows;
  private final Map<String, String> parameters = new HashMap<>();
  private final FileBackendConfig.Builder config = FileBackendConfig.builder();
  private final ViewOptions.Builder options = ViewOptions.builder();

  TestExport(Path root, SampleRows rows) {
    this.root = root;
    this.rows = rows;
    config.allowedRoots(List.of(root)).rowGroupBytes(1024 * 1024);
  }

  TestExport parameter(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  TestExport chunks(int count) {
    options.chunkCount(count);
    return this;
  }

  TestExport key(String... columns) {
    options.mergeKey(List.of(columns));
    return this;
  }

  TestExport maxPartRows(long rowCount) {
    config.maxPartRows(rowCount);
    return this;
  }

  TestExport maxPartBytes(long bytes) {
    config.maxPartBytes(bytes);
    return this;
  }

  TestExport maxKeysInMemory(int keys) {
    config.maxKeysInMemory(keys);
    return this;
  }

  FileBackend backend() {
    return new FileBackend(config.build(), new LocalFileStorage(List.of(root), Survival.PROCESS));
  }

  ManualJob job() {
    ExportRequest.Builder request =
        ExportRequest.builder(FileBackend.KIND).view(VIEW).options(options.build());
    parameters.forEach(request::parameter);
    return new ManualJob(request.build(), new SampleViewSource().put(VIEW, rows));
  }

  /** Runs it all; returns the folder of the output. */
  Path run() {
    FileBackend backend = backend();
    List<FinalizeStep.Done> done = job().run(backend);
    return folder(done.get(0));
  }

  static Path folder(FinalizeStep step) {
    assertThat(step).isInstanceOf(FinalizeStep.Done.class);
    return folder(((FinalizeStep.Done) step).location());
  }

  static Path folder(String location) {
    return Path.of(URI.create(location)).resolveSibling("");
  }

  /** Where the output of a job appears. */
  Path place(ManualJob job) {
    return root.resolve(job.contexts().jobId().value()).resolve("patient");
  }

  static ExportException failure(FailureKind kind, String code, ThrowingCallable call) {
    ExportException e = catchThrowableOfType(ExportException.class, call);
    assertThat(e).as("what was thrown").isNotNull();
    assertThat(e.kind()).isEqualTo(kind);
    assertThat(e.code()).isEqualTo(code);
    return e;
  }
}
