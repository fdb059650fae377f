// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall;
import io.viewexport.testkit.ContextUse;
import io.viewexport.testkit.ManualJob;
import java.util.Optional;

/**
 * A server that dies at one of its moments: before or after a call to the workspace, before a
 * request to the bucket, before or after a checkpoint is stored. Once dead it does nothing more.
 */
final class CrashingServer implements AutoCloseable {
  private final ExportBackend backend;
  private int left;

  /** Says that the server is dead. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;
  }

  /**
   * Starts one.
   *
   * @param moments how many go well before the one that it dies at
   */
  CrashingServer(ManagedLab lab, ManualJob job, int moments) {
    WorkspaceConfig config = lab.config().build();
    left = moments;
    backend =
        lab.backend(
            config,
            new CrashingApi(lab.api(config.limits())),
            BackendOnS3.faulty(
                config.staging(),
                (number, request) -> {
                  pass();
                  return Optional.empty();
                }));
    job.contexts().onCheckpoint(text -> pass());
    job.contexts()
        .onUse(
            use -> {
              if (use == ContextUse.SAVE_CHECKPOINT) {
                pass();
              }
            });
  }

  ExportBackend backend() {
    return backend;
  }

  /** From here on it can't die. */
  synchronized void retire() {
    left = Integer.MAX_VALUE;
  }

  private synchronized void pass() {
    if (left == Integer.MAX_VALUE) {
      return;
    }
    if (left <= 0) {
      throw new Crash();
    }
    left--;
  }

  @Override
  public void close() {
    retire();
    try {
      backend.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private final class CrashingApi implements WorkspaceApi {
    private final WorkspaceApi api;

    CrashingApi(WorkspaceApi api) {
      this.api = api;
    }

    @Override
    public JsonNode call(WorkspaceCall call) {
      pass();
      JsonNode answer = api.call(call);
      pass();
      return answer;
    }
  }
}
