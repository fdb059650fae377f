// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import io.viewexport.api.Experimental;
import java.util.Optional;
import java.util.Set;

/**
 * Says who belongs to a group: the host's answer to requests that filter by group. Safe for use by
 * many threads.
 */
@Experimental
@FunctionalInterface
public interface GroupMembers {

  /**
   * The members of a group. Asked once per group and planning; a job keeps the answer.
   *
   * @param group as the request names it
   * @param principal on whose behalf the request is
   * @return the members' keys as patient columns hold them, perhaps none; empty where there is no
   *     such group, or none that the principal may see
   * @throws io.viewexport.api.ExportException where the members can't be asked for
   */
  Optional<Set<String>> findMembers(String group, Optional<String> principal);
}
