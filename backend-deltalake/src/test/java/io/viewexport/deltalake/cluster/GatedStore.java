// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A store that passes the gate around what it does. */
final class GatedStore {
  private final Gate gate;
  private final ThreadLocal<Boolean> tellsOfMerge = ThreadLocal.withInitial(() -> false);

  private GatedStore(Gate gate) {
    this.gate = gate;
  }

  static JobStore open(DataSource database, Gate gate) {
    GatedStore gated = new GatedStore(gate);
    return gated.around(JobStore.class, PostgresJobStore.open(gated.connections(database)));
  }

  private DataSource connections(DataSource database) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object answer = call(database, method, arguments);
          return answer instanceof Connection connection ? connection(connection) : answer;
        });
  }

  private Connection connection(Connection whole) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          if (method.getName().equals("commit") && tellsOfMerge.get()) {
            gate.reach(Point.TELLING_STORE);
          }
          return call(whole, method, arguments);
        });
  }

  private <T> T around(Class<T> type, T whole) {
    return proxy(
        type,
        (method, arguments) -> {
          String name = method.getName();
          boolean tells = name.equals("settle") && isMerge(arguments);
          if (name.equals("saveCheckpoint") && isMerge(arguments)) {
            gate.reach(Point.MERGE_WRITTEN);
          }
          tellsOfMerge.set(tells);
          Object answer = call(whole, method, arguments);
          tellsOfMerge.set(false);
          if (name.equals("claim") && answer instanceof List<?> tasks && !tasks.isEmpty()) {
            gate.reach(Point.CLAIMED);
          } else if (tells) {
            gate.reach(Point.STORE_TOLD);
          }
          return answer;
        });
  }

  private static boolean isMerge(@Nullable Object @Nullable [] arguments) {
    return arguments != null
        && Arrays.stream(arguments)
            .anyMatch(
                argument ->
                    argument instanceof Lease lease && lease.task().type() == TaskType.FINALIZE);
  }

  /** What a proxy does. */
  private interface Handler {
    @Nullable Object handle(Method method, @Nullable Object @Nullable [] arguments)
        throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> handler.handle(method, arguments)));
  }

  private static @Nullable Object call(
      Object whole, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(whole, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
