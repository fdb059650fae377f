// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What each principal must not do; it may do the rest. Safe for use by many threads. */
public final class Grants {
  private final Map<String, Set<Privilege>> revoked = new ConcurrentHashMap<>();

  Grants() {}

  /** Takes a privilege from a principal, on every object. */
  public void revoke(String principal, Privilege privilege) {
    revokedOf(principal).add(privilege);
  }

  /** Gives it back. */
  public void grant(String principal, Privilege privilege) {
    revokedOf(principal).remove(privilege);
  }

  boolean has(String principal, Privilege privilege) {
    return !revokedOf(principal).contains(privilege);
  }

  private Set<Privilege> revokedOf(String principal) {
    return revoked.computeIfAbsent(principal, p -> ConcurrentHashMap.newKeySet());
  }

  /** Refuses the call of a principal without this privilege. */
  void require(String principal, Privilege privilege, String type, String name) {
    if (!has(principal, privilege)) {
      throw ApiError.denied(privilege, type, name).exception();
    }
  }
}
