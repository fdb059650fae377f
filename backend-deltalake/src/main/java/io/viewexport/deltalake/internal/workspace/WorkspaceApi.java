// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import com.fasterxml.jackson.databind.JsonNode;

/** The REST API of one workspace. Safe for use by many threads. */
public interface WorkspaceApi {

  /**
   * Calls it and returns the body of a successful answer, an empty object where there is none.
   * Repeats the call as its {@link WorkspaceCall.Repeat} allows, for as long as its deadline lets.
   *
   * @throws io.viewexport.api.ExportException where the workspace gives no token, in words for the
   *     user; the call had no effect
   * @throws WorkspaceException where the call failed; says whether it may have had its effect
   * @throws io.viewexport.api.ExportStoppedException once the call's stop signal is given, or the
   *     thread is interrupted; a call that must not be made twice and is under way is waited for
   */
  JsonNode call(WorkspaceCall call);
}
