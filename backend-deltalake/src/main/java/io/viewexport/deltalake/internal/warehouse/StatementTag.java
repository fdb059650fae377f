// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.job.JobId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in the warehouse's history whose a statement is: {@code viewexport:8f3c:v0:a2:merge1}.
 *
 * @param job the job
 * @param view the number of the view in the request
 * @param attempt the attempt that submitted it
 * @param step what it is for: lower-case letters
 * @param number the how manieth of its kind it is for the view, from 1
 */
public record StatementTag(JobId job, int view, int attempt, String step, int number) {
  /** The key of the tag among the tags of a statement. */
  static final String KEY = "viewexport";

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9-]{1,64}):v(\\d{1,9}):a(\\d{1,9}):([a-z]{1,20})(\\d{1,9})");

  /** Checks the step. */
  public StatementTag {
    if (!step.matches("[a-z]{1,20}")) {
      throw new IllegalArgumentException("no step of a statement: " + step);
    }
  }

  /** The value of the tag {@code viewexport}. */
  String value() {
    return job + ":v" + view + ":a" + attempt + ":" + step + number;
  }

  /** The comment that a statement begins with: for people, and where tags are not kept. */
  String comment() {
    return "/* " + this + " */";
  }

  /** Reads a tag's value. */
  static Optional<StatementTag> parse(String value) {
    Matcher matcher = FORM.matcher(value);
    return matcher.matches() ? Optional.of(of(matcher)) : Optional.empty();
  }

  /** Reads the comment at the beginning of a statement. */
  static Optional<StatementTag> parseComment(String statement) {
    Matcher matcher = FORM.matcher(statement);
    String start = "/* " + KEY + ":";
    boolean tagged = statement.startsWith(start);
    return tagged && matcher.region(start.length(), statement.length()).lookingAt()
        ? Optional.of(of(matcher))
        : Optional.empty();
  }

  private static StatementTag of(Matcher matcher) {
    return new StatementTag(
        new JobId(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)),
        matcher.group(4),
        Integer.parseInt(matcher.group(5)));
  }

  /** The whole tag as text. */
  @Override
  public String toString() {
    return KEY + ":" + value();
  }
}
