// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The codes in the body of a refusal: of the APIs {@code {error_code, message, details}}, of OAuth
 * {@code {error, error_description}}. What is not of the form of a code is dropped: it may be text,
 * and text may hold anything.
 *
 * @param errorCode empty text where there is none
 * @param reasons the reasons of the details; then privileges that their metadata names, such as
 *     {@code EXTERNAL_USE_SCHEMA}
 */
record ErrorCodes(String errorCode, List<String> reasons) {
  private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{1,99}(\\.[A-Z0-9_]{1,100})?");
  private static final Pattern OAUTH_CODE = Pattern.compile("[a-z][a-z_]{1,49}");
  private static final int MAX_REASONS = 10;

  /** Of all that a text names, the longest comes first. */
  private static final List<String> PRIVILEGES =
      List.of(
          "EXTERNAL USE LOCATION",
          "EXTERNAL USE SCHEMA",
          "CREATE EXTERNAL TABLE",
          "CREATE TABLE",
          "WRITE FILES",
          "READ FILES",
          "USE CATALOG",
          "USE SCHEMA",
          "MODIFY",
          "SELECT");

  static ErrorCodes of(JsonNode body) {
    List<String> reasons = new ArrayList<>();
    for (JsonNode detail : body.path("details")) {
      String reason = detail.path("reason").asText("");
      if (CODE.matcher(reason).matches()) {
        reasons.add(reason);
      }
      addPrivileges(detail.path("metadata"), reasons);
      if (reasons.size() >= MAX_REASONS) {
        break;
      }
    }
    return new ErrorCodes(errorCode(body), reasons.stream().distinct().limit(MAX_REASONS).toList());
  }

  private static String errorCode(JsonNode body) {
    String code = body.path("error_code").asText("");
    if (CODE.matcher(code).matches()) {
      return code;
    }
    String oauth = body.path("error").asText("");
    return OAUTH_CODE.matcher(oauth).matches() ? oauth : "";
  }

  private static void addPrivileges(JsonNode metadata, List<String> reasons) {
    for (JsonNode value : metadata) {
      String text = value.asText("").toUpperCase(Locale.ROOT).replace('_', ' ');
      PRIVILEGES.stream()
          .filter(text::contains)
          .findFirst()
          .ifPresent(privilege -> reasons.add(privilege.replace(' ', '_')));
    }
  }
}
