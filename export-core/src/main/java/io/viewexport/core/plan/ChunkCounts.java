// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceKind;
import java.util.OptionalInt;

/**
 * Chooses into how many chunks a view is cut for which none are asked for, by what is known of its
 * size.
 */
final class ChunkCounts {
  /** Each slice by key reads the whole view: few and coarse ones. */
  private static final long ROWS_BY_KEY = 1_000_000;

  private static final long BYTES_BY_KEY = 256L << 20;
  private static final int MOST_BY_KEY = 16;

  /** Slices by pages read no more than one would: small enough to even out those that are slow. */
  private static final long BYTES_BY_PAGES = 32L << 20;

  private static final int MOST_BY_PAGES = 64;

  /** The smallest page there is; ranges of larger ones are cut by the same numbers. */
  private static final long PAGE_BYTES = 8192;

  /** How many more slices by pages than readers. */
  private static final int SLICES_PER_READER = 4;

  private ChunkCounts() {}

  /**
   * The count.
   *
   * @param byPages whether the view is cut by its pages
   * @param readers how many chunks this server may run at once
   */
  static int choose(DescribedView view, ViewSettings settings, boolean byPages, int readers) {
    long bytes = view.estimatedBytes().orElse(0);
    if (byPages) {
      long most = Math.min(MOST_BY_PAGES, (long) readers * SLICES_PER_READER);
      return within(parts(bytes, BYTES_BY_PAGES), Math.min(most, parts(bytes, PAGE_BYTES)));
    }
    boolean filtered =
        settings.filters().since().isPresent() || settings.filters().limitsPatients();
    if (filtered || !canCutByKey(view, settings)) {
      return 1;
    }
    long wanted =
        Math.max(parts(view.estimatedRows().orElse(0), ROWS_BY_KEY), parts(bytes, BYTES_BY_KEY));
    return within(wanted, Math.min(MOST_BY_KEY, readers));
  }

  /** What is asked for, or the choice. */
  static ViewSettings with(ViewSettings settings, int count) {
    return settings.chunkCount().isPresent()
        ? settings
        : new ViewSettings(
            OptionalInt.of(count),
            settings.mergeKey(),
            settings.mergeMode(),
            settings.timestampColumn(),
            settings.patientColumn(),
            settings.filters());
  }

  private static boolean canCutByKey(DescribedView view, ViewSettings settings) {
    return view.sliceKinds().contains(SliceKind.KEY_HASH)
        && settings.mergeKey().stream().allMatch(name -> view.schema().find(name).isPresent());
  }

  private static long parts(long whole, long part) {
    return (whole + part - 1) / part;
  }

  private static int within(long wanted, long most) {
    return (int) Math.max(1, Math.min(wanted, most));
  }
}
