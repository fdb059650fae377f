// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Files of sorted digests, read as one sorted sequence. */
final class KeyRuns {
  private final FileStorage storage;
  private final List<String> files;

  KeyRuns(FileStorage storage, List<String> files) {
    this.storage = storage;
    this.files = files;
  }

  /** How many digests equal the one before. */
  long repeated() throws IOException {
    List<Run> open = new ArrayList<>();
    try {
      PriorityQueue<Run> runs = new PriorityQueue<>();
      for (String file : files) {
        Run run = new Run(new DataInputStream(new BufferedInputStream(storage.open(file))));
        open.add(run);
        if (run.advance()) {
          runs.add(run);
        }
      }
      return repeated(runs);
    } finally {
      for (Run run : open) {
        run.close();
      }
    }
  }

  private static long repeated(PriorityQueue<Run> runs) throws IOException {
    long repeated = 0;
    KeyDigest last = null;
    for (Run least = runs.poll(); least != null; least = runs.poll()) {
      KeyDigest digest = least.head();
      if (digest.equals(last)) {
        repeated++;
      }
      last = digest;
      if (least.advance()) {
        runs.add(least);
      }
    }
    return repeated;
  }

  /** One file, at its first digest that was not taken yet. */
  private static final class Run implements Comparable<Run>, Closeable {
    private final DataInputStream in;
    private @Nullable KeyDigest head;

    Run(DataInputStream in) {
      this.in = in;
    }

    boolean advance() throws IOException {
      try {
        head = KeyDigest.readFrom(in);
        return true;
      } catch (EOFException end) {
        return false;
      }
    }

    KeyDigest head() {
      if (head == null) {
        throw new IllegalStateException("not advanced yet");
      }
      return head;
    }

    @Override
    public int compareTo(Run other) {
      return head().compareTo(other.head());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
