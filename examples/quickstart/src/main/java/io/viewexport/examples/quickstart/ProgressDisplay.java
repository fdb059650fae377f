// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Shows how far an export is: a bar that is drawn anew on a terminal, otherwise plain lines, at
 * most one a second and only where something changed.
 */
final class ProgressDisplay {
  private static final long TERMINAL_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 1_000_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int BAR_WIDTH = 24;
  private static final double ALMOST = 0.99;

  private final PrintStream out;
  private final Form form;
  private final LongSupplier nanoClock;
  private final long startNanos;
  private final OptionalLong expectedRows;

  private Progress shown = Progress.NONE;
  private boolean isAnythingShown;
  private long shownNanos;
  private int drawnWidth;

  /**
   * A display of an export that begins now.
   *
   * @param expectedRows how many rows there will be, about; empty: nobody knows
   * @param nanoClock monotonic, in nanoseconds
   */
  ProgressDisplay(PrintStream out, Form form, OptionalLong expectedRows, LongSupplier nanoClock) {
    this.out = out;
    this.form = form;
    this.nanoClock = nanoClock;
    this.expectedRows = expectedRows;
    this.startNanos = nanoClock.getAsLong();
  }

  /** What the output can do. */
  enum Form {
    /** A line can be drawn over. */
    TERMINAL,
    /** Lines only follow each other. */
    PLAIN
  }

  /** Shows this, if it is time to. */
  void update(Progress progress) {
    long now = nanoClock.getAsLong();
    long pause = form == Form.TERMINAL ? TERMINAL_NANOS : PLAIN_NANOS;
    boolean isDue = !isAnythingShown || now - shownNanos >= pause;
    boolean isNew = form == Form.TERMINAL || !isAnythingShown || !progress.equals(shown);
    if (isDue && isNew) {
      show(progress, now);
    }
  }

  /** Shows this for the last time and ends the line. */
  void finish(Progress progress) {
    if (form == Form.TERMINAL || !isAnythingShown || !progress.equals(shown)) {
      show(progress, nanoClock.getAsLong());
    }
    if (form == Form.TERMINAL) {
      out.println();
      out.flush();
    }
  }

  private void show(Progress progress, long now) {
    String line = line(progress, now - startNanos);
    if (form == Form.TERMINAL) {
      out.print('\r' + line + " ".repeat(Math.max(0, drawnWidth - line.length())));
      drawnWidth = line.length();
    } else {
      out.println(line);
    }
    out.flush();
    shown = progress;
    shownNanos = now;
    isAnythingShown = true;
  }

  private String line(Progress progress, long nanos) {
    double seconds = nanos / NANOS_PER_SECOND;
    double rate = seconds > 0 ? progress.rows() / seconds : 0;
    String numbers =
        String.format(
            Locale.ROOT,
            "%,d rows, %,.0f rows/s, chunks %d/%d, %s",
            progress.rows(),
            rate,
            progress.chunksDone(),
            progress.chunks(),
            end(progress, seconds));
    return form == Form.TERMINAL ? bar(fraction(progress)) + " " + numbers : numbers;
  }

  private String end(Progress progress, double seconds) {
    if (progress.isMerging()) {
      return "merging";
    }
    double fraction = fraction(progress);
    if (fraction >= ALMOST || fraction <= 0) {
      return fraction <= 0 ? "ETA unknown" : "ETA 0 s";
    }
    return String.format(Locale.ROOT, "ETA %.0f s", seconds * (1 - fraction) / fraction);
  }

  /** How much is read; the rows are only a guess, so they alone never make the whole. */
  private double fraction(Progress progress) {
    if (progress.isMerging()) {
      return 1;
    }
    double ofChunks =
        progress.chunks() == 0 ? 0 : (double) progress.chunksDone() / progress.chunks();
    double ofRows =
        expectedRows.isPresent() && expectedRows.getAsLong() > 0
            ? Math.min(ALMOST, (double) progress.rows() / expectedRows.getAsLong())
            : 0;
    return Math.max(ofChunks, ofRows);
  }

  private static String bar(double fraction) {
    int filled = (int) Math.round(fraction * BAR_WIDTH);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3.0f%%",
        "#".repeat(filled),
        "-".repeat(BAR_WIDTH - filled),
        fraction * 100);
  }
}
