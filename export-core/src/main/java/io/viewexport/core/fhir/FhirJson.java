// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads JSON that may be malicious: bounded depth and lengths, no name twice, nothing behind it.
 */
final class FhirJson {
  /** A ViewDefinition within Parameters, nested deeper than anybody can read. */
  private static final int DEEPEST = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(100)
                          .maxNameLength(1000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private FhirJson() {}

  /** The document; empty where it is none, with the reason among the problems. */
  static Optional<JsonNode> read(byte[] body, Problems problems) {
    try {
      JsonNode document = MAPPER.readTree(body);
      if (document == null || document.isMissingNode()) {
        problems.add(
            Problem.of(ProblemCode.NO_BODY, "Send a Parameters resource as the body, as JSON."));
        return Optional.empty();
      }
      return Optional.of(document);
    } catch (JsonProcessingException malformed) {
      problems.add(
          Problem.of(ProblemCode.MALFORMED_JSON, "The body is no JSON" + place(malformed)));
      return Optional.empty();
    } catch (IOException malformed) {
      problems.add(Problem.of(ProblemCode.MALFORMED_JSON, "The body is no JSON in UTF-8."));
      return Optional.empty();
    }
  }

  /** The document; empty where it is none. */
  static Optional<JsonNode> read(String text) {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException malformed) {
      return Optional.empty();
    }
  }

  // The parser's own words quote the body, at any length.
  private static String place(JsonProcessingException malformed) {
    String limits =
        ", or nests deeper than %d levels, or names a member of an object twice."
            .formatted(DEEPEST);
    return malformed.getLocation() == null
        ? limits
        : " from line %d, column %d on"
                .formatted(
                    malformed.getLocation().getLineNr(), malformed.getLocation().getColumnNr())
            + limits;
  }
}
