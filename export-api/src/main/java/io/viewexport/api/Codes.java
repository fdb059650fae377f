// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api;

import java.util.regex.Pattern;

/** The form of the stable codes of issues and failures. */
final class Codes {
  private static final Pattern FORM = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private Codes() {}

  static String check(String code) {
    if (!FORM.matcher(code).matches()) {
      throw new IllegalArgumentException(
          "code must be lower-case words joined by hyphens: \"" + code + "\"");
    }
    return code;
  }
}
