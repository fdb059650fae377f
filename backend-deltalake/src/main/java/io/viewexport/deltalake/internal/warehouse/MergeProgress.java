// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * How far the merge of a view is: what its checkpoint holds. Times are sums of waits that were
 * asked for, and at least as long have passed: no server's clock is held against another's. Used by
 * one call at a time.
 */
final class MergeProgress {
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final long FIRST_POLL_MS = 1000;
  private static final long LAST_POLL_MS = 15_000;
  private static final double GROWTH = 1.5;
  private static final int MOST_GROWTH = 10;

  /** What was done last. */
  enum Phase {
    /** Nothing that counts. */
    START,
    /** The checks were submitted. */
    CHECKING,
    /** New columns were submitted. */
    ALTERING,
    /** All is checked, and no merge runs. */
    READY,
    /** A merge is about to be submitted, or was, and the answer was lost. */
    SUBMITTING,
    /** A merge runs, or has ended. */
    MERGING
  }

  /** A limit of time. */
  enum Limit {
    /** None was reached. */
    NONE,
    /** A statement waited too long to begin. */
    PENDING,
    /** A statement ran too long. */
    RUNNING
  }

  /** What was done last. */
  Phase phase = Phase.START;

  /** The statement that runs; empty where none does. */
  String statement = "";

  /** How many statements were submitted, the one that is about to be included. */
  int submitted;

  /** How often a merge had to be submitted anew. */
  int conflicts;

  /** How often the target's columns were looked at anew, or changed. */
  int looks;

  /** How often in a row the present statement could not be looked up. */
  int failures;

  /** How often the present statement was asked for. */
  int polls;

  /** Whether the present statement was seen running. */
  boolean isRunning;

  /** How long the present statement was waited for, since it was seen running if it was. */
  long waitedMs;

  /** At least how late it is by the warehouse's clock, in milliseconds since 1970; 0: unknown. */
  long warehouseMs;

  /** How long after it was submitted a merge may begin. */
  long windowMs;

  /** When the submit was prepared, by the clock of the server that did it. */
  long preparedMs;

  /** Whether the waits belong to a withdrawal. */
  boolean isWithdrawing;

  /** At which limit the present statement was cancelled. */
  Limit limit = Limit.NONE;

  MergeProgress(Duration window) {
    windowMs = window.toMillis();
  }

  /** Reads a checkpoint; empty where another version wrote it. */
  static Optional<MergeProgress> parse(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return json != null && json.path("format").asInt() == FORMAT
          ? Optional.of(new MergeProgress(json))
          : Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private MergeProgress(JsonNode json) {
    phase = constant(Phase.values(), json.path("phase").asText());
    statement = json.path("statement").asText();
    submitted = json.path("submitted").asInt();
    conflicts = json.path("conflicts").asInt();
    looks = json.path("looks").asInt();
    failures = json.path("failures").asInt();
    polls = json.path("polls").asInt();
    isRunning = json.path("isRunning").asBoolean();
    waitedMs = json.path("waitedMs").asLong();
    warehouseMs = json.path("warehouseMs").asLong();
    windowMs = json.path("windowMs").asLong();
    preparedMs = json.path("preparedMs").asLong();
    isWithdrawing = json.path("isWithdrawing").asBoolean();
    limit = constant(Limit.values(), json.path("limit").asText());
  }

  private static <E extends Enum<E>> E constant(E[] all, String name) {
    return Arrays.stream(all)
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not known"));
  }

  /** The checkpoint. */
  String text() {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("phase", phase.name());
    json.put("statement", statement);
    json.put("submitted", submitted);
    json.put("conflicts", conflicts);
    json.put("looks", looks);
    json.put("failures", failures);
    json.put("polls", polls);
    json.put("isRunning", isRunning);
    json.put("waitedMs", waitedMs);
    json.put("warehouseMs", warehouseMs);
    json.put("windowMs", windowMs);
    json.put("preparedMs", preparedMs);
    json.put("isWithdrawing", isWithdrawing);
    json.put("limit", limit.name());
    return json.toString();
  }

  /** Goes on to a phase, in which nothing is waited for yet. */
  void enter(Phase next, String running) {
    phase = next;
    statement = running;
    limit = Limit.NONE;
    isRunning = false;
    failures = 0;
    restartWaits();
  }

  private void restartWaits() {
    polls = 0;
    waitedMs = 0;
  }

  /**
   * Starts the waits of a withdrawal: its first call comes at once, whatever wait was asked for.
   */
  void withdraw() {
    if (!isWithdrawing) {
      isWithdrawing = true;
      restartWaits();
    }
  }

  /** The present statement was seen running. */
  void sawRunning() {
    if (!isRunning) {
      isRunning = true;
      restartWaits();
    }
  }

  /** Counts a wait, from 1 to 15 seconds, longer each time. */
  Duration nextWait() {
    double millis = FIRST_POLL_MS * Math.pow(GROWTH, Math.min(polls, MOST_GROWTH));
    Duration wait = Duration.ofMillis(Math.min(LAST_POLL_MS, (long) millis));
    polls++;
    count(wait);
    return wait;
  }

  /** Counts a wait. */
  void count(Duration wait) {
    waitedMs += wait.toMillis();
    if (warehouseMs > 0) {
      warehouseMs += wait.toMillis();
    }
  }
}
