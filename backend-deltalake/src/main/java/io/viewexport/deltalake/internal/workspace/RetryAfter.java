// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/** When a server asks to be called again. */
final class RetryAfter {
  /** Whoever asks for more gets this. */
  static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private RetryAfter() {}

  /**
   * The time to wait: 0 to {@link #LONGEST}; empty where none is told. A date is held against the
   * server's own clock, its header {@code Date}.
   */
  static Optional<Duration> of(HttpHeaders headers) {
    return headers.firstValue("Retry-After").flatMap(text -> delay(text.strip(), headers));
  }

  private static Optional<Duration> delay(String text, HttpHeaders headers) {
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(clamped(Duration.ofSeconds(Long.parseLong(text))));
    }
    Optional<Instant> then = date(text);
    Optional<Instant> now = headers.firstValue("Date").flatMap(RetryAfter::date);
    return then.flatMap(end -> now.map(start -> clamped(Duration.between(start, end))));
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
    } catch (DateTimeParseException notADate) {
      return Optional.empty();
    }
  }

  private static Duration clamped(Duration time) {
    if (time.isNegative()) {
      return Duration.ZERO;
    }
    return time.compareTo(LONGEST) < 0 ? time : LONGEST;
  }
}
