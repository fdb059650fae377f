// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the tutorial shows is what is compiled and tested. */
class TutorialTest {
  private static final Pattern SNIPPET =
      Pattern.compile("^```(?:java|xml)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)\\)");
  private static final int MOST_INDENT = 12;

  @Test
  void everySnippetStandsInTheSources() throws IOException {
    List<String> sources = sources();
    Matcher snippets = SNIPPET.matcher(tutorial());
    int count = 0;
    while (snippets.find()) {
      count++;
      String snippet = snippets.group(1);
      assertThat(sources).as(snippet).anyMatch(source -> holds(source, snippet));
    }
    assertThat(count).isGreaterThan(10);
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    Matcher links = LINK.matcher(tutorial());
    int count = 0;
    while (links.find()) {
      count++;
      assertThat(Path.of(links.group(1))).exists();
    }
    assertThat(count).isPositive();
  }

  private static String tutorial() throws IOException {
    return Files.readString(Path.of("TUTORIAL.md"));
  }

  private static List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    for (String root : List.of("src", "../backend-skeleton/src")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          sources.add(Files.readString(file));
        }
      }
    }
    sources.add(Files.readString(Path.of("../backend-skeleton/pom.xml")));
    return sources;
  }

  /** Line by line, further to the right as it may be. */
  private static boolean holds(String source, String snippet) {
    for (int indent = 0; indent <= MOST_INDENT; indent++) {
      String indented = "\n" + snippet.indent(indent).replaceAll("(?m)^ +$", "");
      if (("\n" + source).contains(indented)) {
        return true;
      }
    }
    return false;
  }
}
