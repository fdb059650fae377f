// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.doctor;

/** The command was called wrongly; the message says what to correct. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
