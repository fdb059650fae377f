// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

/** Shows where something was thrown without what it says. */
final class Frames {
  private static final int MOST_FRAMES = 12;
  private static final int MOST_CAUSES = 5;

  private Frames() {}

  static String of(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    Throwable shown = thrown;
    for (int depth = 0; shown != null && depth < MOST_CAUSES; depth++) {
      text.append(depth == 0 ? "" : " caused by ").append(shown.getClass().getName());
      append(text, shown.getStackTrace());
      shown = shown.getCause();
    }
    return text.toString();
  }

  private static void append(StringBuilder text, StackTraceElement[] frames) {
    for (int i = 0; i < frames.length && i < MOST_FRAMES; i++) {
      text.append("\n  at ").append(frames[i]);
    }
  }
}
