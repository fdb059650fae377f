// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

/**
 * Plays the death of a server process.
 *
 * <p>A real one would do nothing at all any more, while whoever runs the backend here may well
 * catch this and report it. So the harness has to cut the rest off itself, by {@link
 * FaultyBackend#onCrash}: the store above all, so that the lease of the dead runs out.
 */
public final class PodCrash extends Error {

  /** A crash. */
  public PodCrash() {
    super("this server has crashed");
  }
}
