// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

/** Arguments that make no command; the message is one line that says what is wrong. */
final class UsageException extends RuntimeException {

  UsageException(String message) {
    super(message);
  }
}
