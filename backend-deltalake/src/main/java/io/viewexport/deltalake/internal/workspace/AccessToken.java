// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import java.util.regex.Pattern;

/** A token of OAuth; never printed. */
final class AccessToken {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final String value;

  AccessToken(String value) {
    this.value = value;
  }

  /** Whether a text can be a token: nothing that could end a header. */
  static boolean isToken(String text) {
    return FORM.matcher(text).matches();
  }

  /** The value of the header {@code Authorization}. */
  String authorization() {
    return "Bearer " + value;
  }

  @Override
  public String toString() {
    return "AccessToken[hidden]";
  }
}
