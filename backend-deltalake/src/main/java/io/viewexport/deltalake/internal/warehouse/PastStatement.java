// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import java.util.Objects;

/**
 * A statement of a job as the warehouse's history has it.
 *
 * @param id the statement
 * @param tag whose it is
 * @param state how far it is
 */
record PastStatement(String id, StatementTag tag, StatementAnswer.State state) {
  PastStatement {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tag, "tag");
    Objects.requireNonNull(state, "state");
  }
}
