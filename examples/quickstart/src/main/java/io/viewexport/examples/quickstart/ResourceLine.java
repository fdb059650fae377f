// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one line of a file of resources and finds everything that would not be stored. */
final class ResourceLine {
  private static final int MAX_ID = 256;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final String json;
  private final String origin;
  private final boolean hasEscapes;
  private @Nullable String type;
  private @Nullable String id;

  private ResourceLine(String json, String origin) {
    this.json = json;
    this.origin = origin;
    this.hasEscapes = json.contains("\\u");
  }

  /**
   * The resource of a line.
   *
   * @throws QuickstartException naming the origin, never the content
   */
  static Resource parse(String json, String origin) {
    return new ResourceLine(json, origin).parse();
  }

  private Resource parse() {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw refusal("this is no JSON object; write one resource a line");
      }
      readObject(parser);
      if (parser.nextToken() != null) {
        throw refusal("something follows the resource; write one resource a line");
      }
    } catch (IOException e) {
      throw refusal("this is not valid JSON; write one resource a line");
    }
    return resource();
  }

  private void readObject(JsonParser parser) throws IOException {
    String name = "";
    int depth = 1;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw refusal("this is not valid JSON; write one resource a line");
      }
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.FIELD_NAME) {
        name = parser.currentName();
        checkText(name);
      } else if (token == JsonToken.VALUE_STRING) {
        readString(parser, depth, name);
      }
    }
  }

  private void readString(JsonParser parser, int depth, String name) throws IOException {
    if (hasEscapes) {
      checkText(parser.getText());
    }
    if (depth == 1 && name.equals("resourceType")) {
      type = parser.getText();
    } else if (depth == 1 && name.equals("id")) {
      id = parser.getText();
    }
  }

  private void checkText(String text) {
    if (!hasEscapes) {
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == '\0') {
        throw refusal("PostgreSQL can't store the character \\u0000; remove it");
      } else if (Character.isSurrogate(c)) {
        throw refusal("PostgreSQL can't store half a character (a lone \\ud800 to \\udfff)");
      }
    }
  }

  private Resource resource() {
    if (type == null || !ResourceTables.isType(type)) {
      throw refusal("a resource needs a resourceType of letters and digits, such as Patient");
    }
    if (id == null || id.isBlank() || id.length() > MAX_ID) {
      throw refusal("a resource needs an id of at most " + MAX_ID + " characters");
    }
    return new Resource(type, id, json, origin);
  }

  private QuickstartException refusal(String why) {
    return new QuickstartException(origin + ": " + why + ".");
  }
}
