// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a thread's time goes, by samples of its stack. Samples of Java code and of native code are
 * taken by different clocks, so they are counted apart.
 */
final class Profile {
  private static final String JAVA = "jdk.ExecutionSample";
  private static final String NATIVE = "jdk.NativeMethodSample";
  private static final Duration PERIOD = Duration.ofMillis(10);
  private static final int TOP = 12;

  /** What the first frame from the top that begins so stands for, the first match first. */
  private static final Map<String, String> CATEGORIES = new LinkedHashMap<>();

  static {
    CATEGORIES.put("java.io.FileDescriptor", "bring files to disk");
    CATEGORIES.put("sun.nio.ch.FileDispatcherImpl", "write files");
    CATEGORIES.put("sun.nio.ch.UnixFileDispatcherImpl", "write files");
    CATEGORIES.put("sun.nio.ch.", "read or await the socket");
    CATEGORIES.put("java.net.", "read or await the socket");
    CATEGORIES.put("com.github.luben", "compress");
    CATEGORIES.put("org.xerial", "compress");
    CATEGORIES.put("java.util.zip.CRC32", "checksums");
    CATEGORIES.put("org.postgresql", "driver: split messages");
    CATEGORIES.put("io.viewexport.core.source", "decode rows");
    CATEGORIES.put("io.viewexport.deltalake.internal.parquet.BytesDictionary", "dictionary");
    CATEGORIES.put("io.viewexport.deltalake.internal.parquet.RunLengths", "levels and indices");
    CATEGORIES.put("io.viewexport.deltalake.internal.parquet.BytesColumn", "text columns");
    CATEGORIES.put("io.viewexport.deltalake.internal.parquet", "other columns");
    CATEGORIES.put("org.apache.parquet", "Parquet's pages and footer");
    CATEGORIES.put("io.delta", "Delta log");
  }

  private final Map<String, Integer> categories = new HashMap<>();
  private final Map<String, Integer> frames = new HashMap<>();
  private int javaSamples;
  private int nativeSamples;

  private Profile() {}

  /** Starts recording; the caller stops it, dumps it and closes it. */
  static Recording start() {
    Recording recording = new Recording();
    recording.enable(JAVA).withPeriod(PERIOD);
    recording.enable(NATIVE).withPeriod(PERIOD);
    recording.start();
    return recording;
  }

  /** Reads what a recording says of this thread. */
  static Profile read(Path recording, String thread) throws IOException {
    Profile profile = new Profile();
    for (RecordedEvent event : RecordingFile.readAllEvents(recording)) {
      String type = event.getEventType().getName();
      if ((type.equals(JAVA) || type.equals(NATIVE))
          && event.getStackTrace() != null
          && event.getThread("sampledThread").getJavaName().equals(thread)) {
        profile.count(type, event.getStackTrace().getFrames());
      }
    }
    return profile;
  }

  private void count(String type, List<RecordedFrame> stack) {
    boolean inJava = type.equals(JAVA);
    if (inJava) {
      javaSamples++;
    } else {
      nativeSamples++;
    }
    String kind = inJava ? "java    " : "native  ";
    categories.merge(kind + category(stack), 1, Integer::sum);
    RecordedFrame top = stack.get(0);
    String frame = name(top) + ":" + top.getLineNumber();
    frames.merge(kind + frame, 1, Integer::sum);
  }

  private static String category(List<RecordedFrame> stack) {
    for (RecordedFrame frame : stack) {
      String name = name(frame);
      for (Map.Entry<String, String> category : CATEGORIES.entrySet()) {
        if (name.startsWith(category.getKey())) {
          return category.getValue();
        }
      }
    }
    return "other";
  }

  private static String name(RecordedFrame frame) {
    return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
  }

  /** The shares, the largest first, then the most frequent frames. */
  String summary() {
    return "samples: "
        + javaSamples
        + " in Java, "
        + nativeSamples
        + " in native code\n"
        + table(categories, Integer.MAX_VALUE)
        + "top frames\n"
        + table(frames, TOP);
  }

  private String table(Map<String, Integer> counts, int limit) {
    StringBuilder lines = new StringBuilder();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(limit)
        .forEach(
            entry ->
                lines.append(
                    String.format(
                        Locale.ROOT,
                        "  %5.1f %%  %s%n",
                        100.0 * entry.getValue() / (javaSamples + nativeSamples),
                        entry.getKey())));
    return lines.toString();
  }
}
