// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a backend's classes keep in static maps and collections: the servers of a test share it, as
 * they are in one JVM; real ones don't.
 */
final class Statics {
  private final IdentityHashMap<Collection<?>, List<?>> before = new IdentityHashMap<>();
  private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());
  private final @Nullable CodeSource own;

  private Statics(Class<?> backend) {
    own = backend.getProtectionDomain().getCodeSource();
  }

  /** As it is now, in the backend's class and those that its fields and nested classes lead to. */
  static Statics of(Object backend) {
    Statics statics = new Statics(backend.getClass());
    Set<Class<?>> seen = new LinkedHashSet<>();
    Deque<Class<?>> left = new ArrayDeque<>(List.of(backend.getClass()));
    while (!left.isEmpty()) {
      Class<?> next = left.remove();
      if (statics.isOwn(next) && seen.add(next)) {
        left.add(next.getNestHost());
        left.addAll(List.of(next.getDeclaredClasses()));
        left.add(Objects.requireNonNullElse(next.getSuperclass(), Object.class));
        for (Field field : next.getDeclaredFields()) {
          left.add(field.getType());
          if (Modifier.isStatic(field.getModifiers())) {
            statics.note(field, null);
          }
        }
      }
    }
    return statics;
  }

  private boolean isOwn(Class<?> type) {
    return own != null && own.equals(type.getProtectionDomain().getCodeSource());
  }

  private void note(Field field, @Nullable Object owner) {
    if (!field.getType().isPrimitive() && field.trySetAccessible()) {
      try {
        Object value = field.get(owner);
        if (value != null && visited.add(value)) {
          note(value);
        }
      } catch (IllegalAccessException hidden) {
        return;
      }
    }
  }

  private void note(Object value) {
    if (value instanceof Map<?, ?> map) {
      before.put(map.keySet(), new ArrayList<>(map.keySet()));
    } else if (value instanceof Collection<?> collection) {
      before.put(collection, new ArrayList<>(collection));
    } else if (isOwn(value.getClass()) && !(value instanceof Enum)) {
      for (Field field : value.getClass().getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          note(field, value);
        }
      }
    }
  }

  /** Takes away what has come since. */
  void forget() {
    before.forEach(
        (now, then) -> {
          try {
            now.removeIf(element -> !then.contains(element));
          } catch (UnsupportedOperationException unmodifiable) {
            return;
          }
        });
  }
}
