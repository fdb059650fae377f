// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.WorkspaceLimits;
import java.util.function.Supplier;

/** A workspace called over HTTP, as a service principal. */
public final class HttpWorkspace implements WorkspaceApi {

  private HttpWorkspace() {}

  /**
   * A workspace; nothing is called yet.
   *
   * @param credentials asked at each new token
   * @param pause what it waits by
   */
  public static HttpWorkspace create(
      WorkspaceUrl url,
      WorkspaceLimits limits,
      Supplier<ClientCredentials> credentials,
      Pause pause) {
    return new HttpWorkspace();
  }

  @Override
  public JsonNode call(WorkspaceCall call) {
    throw new UnsupportedOperationException();
  }
}
