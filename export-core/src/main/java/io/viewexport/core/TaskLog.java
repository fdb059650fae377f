// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.core.store.Lease;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts the ids of a task into every line that a thread logs, until it is closed; then what the
 * thread had there before is put back.
 */
final class TaskLog implements AutoCloseable {
  private final Map<String, @Nullable String> before = new HashMap<>();

  TaskLog(Lease lease) {
    put("job", lease.task().job().value());
    put("view", Integer.toString(lease.task().view()));
    put("chunk", Integer.toString(lease.task().chunk()));
    put("attempt", Integer.toString(lease.token()));
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

  private void put(String key, String value) {
    before.put(key, MDC.get(key));
    MDC.put(key, value);
  }

  @Override
  public void close() {
    before.forEach(
        (key, value) -> {
          if (value == null) {
            MDC.remove(key);
          } else {
            MDC.put(key, value);
          }
        });
  }
}
