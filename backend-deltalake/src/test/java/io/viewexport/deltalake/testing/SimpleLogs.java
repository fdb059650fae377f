// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is logged in this process from DEBUG up, until it is closed; for one test at a time.
 * SLF4J's simple logger reads its level once: hence the look into its fields.
 */
public final class SimpleLogs implements AutoCloseable {
  private static final int DEBUG = 10;
  private static final int OFF = 50;

  /** These write down requests as they are sent, with their credentials: no host may turn it on. */
  private static final List<String> OF_REQUESTS =
      List.of(
          "org.apache.hc.client5.http.wire",
          "org.apache.hc.client5.http.headers",
          "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner");

  private static final String SERVER = " org.gaul.";

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  /** Keeps what is logged from now on. */
  public SimpleLogs() {
    setLevels(DEBUG);
    OF_REQUESTS.forEach(name -> set(LoggerFactory.getLogger(name), "currentLogLevel", OFF));
    System.setErr(new PrintStream(kept, true, StandardCharsets.UTF_8));
  }

  /** What was logged so far, but for what the bucket's own server says. */
  public String text() {
    System.err.flush();
    return kept.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.contains(SERVER))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    System.setErr(before);
    setLevels(OFF);
  }

  private static void setLevels(int level) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    Logger any = LoggerFactory.getLogger(SimpleLogs.class);
    set(get(any.getClass(), any, "CONFIG_PARAMS"), "defaultLogLevel", level);
    Map<?, ?> loggers = (Map<?, ?>) get(factory.getClass(), factory, "loggerMap");
    loggers.values().forEach(logger -> set(logger, "currentLogLevel", level));
  }

  private static Object get(Class<?> type, Object of, String name) {
    try {
      return field(type, name).get(of);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void set(Object of, String name, int value) {
    try {
      field(of.getClass(), name).setInt(of, value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field field(Class<?> type, String name) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
