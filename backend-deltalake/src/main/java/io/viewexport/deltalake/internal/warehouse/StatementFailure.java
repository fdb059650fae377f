// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a statement failed, in codes: of the server's text only the class of the error is kept, which
 * stands in brackets at its beginning. Any may be empty.
 *
 * @param errorClass such as {@code DELTA_CONCURRENT_APPEND} or {@code CAST_INVALID_INPUT.X}
 * @param sqlState such as {@code 42501}
 * @param errorCode such as {@code BAD_REQUEST}
 */
record StatementFailure(String errorClass, String sqlState, String errorCode) {
  private static final Pattern CLASS =
      Pattern.compile(
          "(?:[A-Za-z_][A-Za-z0-9_.$]{0,200}:"
              + " )?\\[([A-Z][A-Z0-9_]{1,98}(?:\\.[A-Z][A-Z0-9_]{1,98})?)\\]");
  private static final Pattern STATE = Pattern.compile("[0-9A-Z]{5}");
  private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{1,98}");

  /** Reads the status of a failed statement. */
  static StatementFailure of(JsonNode status) {
    JsonNode error = status.path("error");
    Matcher matcher = CLASS.matcher(error.path("message").asText());
    return new StatementFailure(
        matcher.lookingAt() ? matcher.group(1) : "",
        only(STATE, status.path("sql_state")),
        only(CODE, error.path("error_code")));
  }

  private static String only(Pattern form, JsonNode value) {
    String text = value.asText();
    return form.matcher(text).matches() ? text : "";
  }

  /** The class without what follows its dot. */
  String mainClass() {
    int dot = errorClass.indexOf('.');
    return dot < 0 ? errorClass : errorClass.substring(0, dot);
  }

  /** For messages: the codes that there are. */
  @Override
  public String toString() {
    String codes = (errorClass + " " + sqlState + " " + errorCode).strip().replaceAll(" +", " ");
    return codes.isEmpty() ? "no code" : codes;
  }
}
