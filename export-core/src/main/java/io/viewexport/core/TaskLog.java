// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.core.store.Lease;
import java.util.List;
import org.slf4j.MDC;

/** Puts the ids of a task into every line that its thread logs, until it is closed. */
final class TaskLog implements AutoCloseable {
  private final List<MDC.MDCCloseable> entries;

  TaskLog(Lease lease) {
    entries =
        List.of(
            MDC.putCloseable("job", lease.task().job().value()),
            MDC.putCloseable("view", Integer.toString(lease.task().view())),
            MDC.putCloseable("chunk", Integer.toString(lease.task().chunk())),
            MDC.putCloseable("attempt", Integer.toString(lease.token())));
  }

  @Override
  public void close() {
    entries.forEach(MDC.MDCCloseable::close);
  }
}
