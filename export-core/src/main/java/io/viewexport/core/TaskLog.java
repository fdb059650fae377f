// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.core.store.Lease;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts the ids of a task into every line that a thread logs, until it is closed; then what the
 * thread had there before is put back, and nothing else is left: neither by the task nor by the
 * code of others that ran in it.
 */
final class TaskLog implements AutoCloseable {
  private final @Nullable Map<String, String> before = MDC.getCopyOfContextMap();

  TaskLog(Lease lease) {
    MDC.put("job", lease.task().job().value());
    MDC.put("task", lease.task().type().name().toLowerCase(Locale.ROOT));
    MDC.put("view", Integer.toString(lease.task().view()));
    MDC.put("chunk", Integer.toString(lease.task().chunk()));
    MDC.put("attempt", Integer.toString(lease.token()));
  }

  /** Runs an action of a task. */
  static void run(Lease lease, Runnable action) {
    TaskLog ids = new TaskLog(lease);
    try {
      action.run();
    } finally {
      ids.close();
    }
  }

  @Override
  public void close() {
    if (before == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(before);
    }
  }
}
