// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.job.MergeCounts;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a merge changes, as a checkpoint: a replay can't find it out again. */
final class MergeCheckpoint {
  private static final Pattern FORM = Pattern.compile("merge1:(\\d+),(\\d+),(\\d+),(\\d+)");

  private MergeCheckpoint() {}

  static String of(MergeCounts counts) {
    return "merge1:"
        + counts.inserted().orElseThrow()
        + ","
        + counts.updated().orElseThrow()
        + ","
        + counts.deleted().orElseThrow()
        + ","
        + counts.unchanged().orElseThrow();
  }

  /** The counts that the last attempt saved before its commit; unknown where it saved none. */
  static MergeCounts counts(Optional<String> checkpoint) {
    Matcher matcher = FORM.matcher(checkpoint.orElse(""));
    return matcher.matches()
        ? MergeCounts.of(
            number(matcher, 1), number(matcher, 2), number(matcher, 3), number(matcher, 4))
        : MergeCounts.UNKNOWN;
  }

  private static long number(Matcher matcher, int group) {
    return Long.parseLong(matcher.group(group));
  }
}
