// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.internal.ForwardingCursor;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Rows of the sample's columns that can hardly be compressed, made as they are read, with a look at
 * the memory that is in use after the first ones and at the end.
 */
final class NoiseCursor extends ForwardingCursor {
  private static final int TEXT_BYTES = 1000;
  private static final int COLUMN_OF_TEXT = 1;

  private static final int COLLECTIONS = 5;
  private static final long LONGEST_MILLIS = 5_000;

  private final Random random = new Random(1);
  private final byte[] text = new byte[TEXT_BYTES];
  private final long wanted;
  private byte[] key = {};
  private volatile long rows;
  private long first;
  private long last;

  NoiseCursor(ViewSchema schema, long bytes) {
    super(new SampleRows(schema, List.of()).open());
    this.wanted = bytes / TEXT_BYTES;
  }

  /** How many bytes more are in use at the end than were after the first rows. */
  long grown() {
    return last - first;
  }

  long bytes() {
    return rows * TEXT_BYTES;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread reads; another one looks how far it is
  public boolean next() {
    if (rows == wanted / 100) {
      first = used();
    }
    if (rows == wanted) {
      last = used();
      return false;
    }
    rows++;
    random.nextBytes(text);
    for (int i = 0; i < TEXT_BYTES; i++) {
      text[i] = (byte) (' ' + (text[i] & 63));
    }
    key = ("k" + rows).getBytes(StandardCharsets.UTF_8);
    return true;
  }

  /** What is alive, in the heap and beside it. What waits for a cleaner goes a collection later. */
  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      collect();
      long direct =
          ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
              .mapToLong(BufferPoolMXBean::getMemoryUsed)
              .sum();
      least =
          Math.min(
              least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct);
    }
    return least;
  }

  /** Collects, and waits until the references that this cleared are on their way. */
  private static void collect() {
    ReferenceQueue<Object> cleared = new ReferenceQueue<>();
    WeakReference<Object> sentinel = new WeakReference<>(new Object(), cleared);
    try {
      System.gc();
      cleared.remove(LONGEST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Reference.reachabilityFence(sentinel);
    }
  }

  @Override
  public boolean isNull(int column) {
    return false;
  }

  @Override
  public byte[] bytes(int column) {
    return column == COLUMN_OF_TEXT ? text : key;
  }

  @Override
  public int byteOffset(int column) {
    return 0;
  }

  @Override
  public int byteLength(int column) {
    return bytes(column).length;
  }

  @Override
  public long longValue(int column) {
    return rows;
  }

  @Override
  public long rowCount() {
    return rows;
  }
}
