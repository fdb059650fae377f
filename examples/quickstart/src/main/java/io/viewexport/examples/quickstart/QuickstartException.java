// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

/** The command can't do what it was asked; the message is one line that says what to do. */
final class QuickstartException extends RuntimeException {

  QuickstartException(String message) {
    super(message);
  }

  QuickstartException(String message, Throwable cause) {
    super(message, cause);
  }
}
