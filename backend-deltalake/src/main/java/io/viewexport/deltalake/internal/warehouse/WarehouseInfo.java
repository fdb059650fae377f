// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import java.util.Objects;

/**
 * A warehouse, for those who check a set-up.
 *
 * @param name its name
 * @param state such as {@code RUNNING} or {@code STOPPED}, which starts with the next statement
 * @param isServerless whether it starts within seconds
 */
public record WarehouseInfo(String name, String state, boolean isServerless) {
  /** Checks that none is null. */
  public WarehouseInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(state, "state");
  }
}
