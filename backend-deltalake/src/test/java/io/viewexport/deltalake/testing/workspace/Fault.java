// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What goes wrong with some calls of an endpoint.
 *
 * @param method what the method has to match: {@code GET|POST} is either
 * @param path what the whole path has to match
 * @param skip how many matching calls go well first
 * @param times how many then go wrong
 * @param moment before the call has its effect, or after
 * @param answer what is answered; empty: nothing, see {@code silence}
 * @param silence how nothing is answered
 */
public record Fault(
    String method,
    Pattern path,
    int skip,
    int times,
    Moment moment,
    Optional<ApiError> answer,
    Silence silence) {

  /** When it goes wrong. */
  public enum Moment {
    /** The call has no effect. */
    BEFORE_EFFECT,
    /** The call has its effect. */
    AFTER_EFFECT
  }

  /** How nothing is answered. */
  public enum Silence {
    /** The connection is closed. */
    CLOSE,
    /** The connection stays open, until {@link Faults#release} or the workspace's end. */
    STALL
  }

  /** Calls of this endpoint are refused, without effect; the first one unless told otherwise. */
  public static Fault refusing(String method, String path, ApiError error) {
    return of(method, path, Moment.BEFORE_EFFECT, Optional.of(error), Silence.CLOSE);
  }

  /** Calls of this endpoint have their effect and are answered as if they had failed. */
  public static Fault failingAfter(String method, String path, ApiError error) {
    return of(method, path, Moment.AFTER_EFFECT, Optional.of(error), Silence.CLOSE);
  }

  /** Calls of this endpoint get no answer. */
  public static Fault silent(String method, String path, Moment moment, Silence silence) {
    return of(method, path, moment, Optional.empty(), silence);
  }

  private static Fault of(
      String method, String path, Moment moment, Optional<ApiError> answer, Silence silence) {
    return new Fault(method, Pattern.compile(path), 0, 1, moment, answer, silence);
  }

  /** The same, after this many calls that go well. */
  public Fault after(int calls) {
    return new Fault(method, path, calls, times, moment, answer, silence);
  }

  /** The same, for this many calls. */
  public Fault times(int calls) {
    return new Fault(method, path, skip, calls, moment, answer, silence);
  }

  boolean matches(String calledMethod, String calledPath) {
    return calledMethod.matches(method) && path.matcher(calledPath).matches();
  }
}
