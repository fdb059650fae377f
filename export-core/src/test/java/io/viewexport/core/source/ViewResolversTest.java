// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.view.ResolvedView;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewReference;
import io.viewexport.api.view.ViewResolver;
import io.viewexport.core.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewResolversTest {
  private static final String URL = "http://example.org/ViewDefinition/p";

  @TempDir Path folder;

  private static String definition(String id, String version) {
    return """
    {"resourceType": "ViewDefinition", "id": "%s", "url": "%s", "version": "%s",
     "name": "patient_flat"}
    """
        .formatted(id, URL, version);
  }

  private static Optional<String> find(ViewResolver resolver, ViewReference reference) {
    return resolver
        .resolve(reference, Optional.empty())
        .flatMap(ResolvedView::definition)
        .map(text -> text.replaceAll(".*\"version\":\"([^\"]*)\".*", "$1"));
  }

  private static void resolves(ViewResolver resolver) {
    assertThat(resolver.resolve(new ViewReference.ById("one"), Optional.empty()))
        .get()
        .extracting(ResolvedView::relation)
        .isEqualTo(new ViewName("sof", "patient_flat"));
    assertThat(find(resolver, new ViewReference.ById("one"))).contains("1.9");
    assertThat(find(resolver, new ViewReference.ByCanonical(URL, Optional.empty())))
        .contains("1.10");
    assertThat(find(resolver, new ViewReference.ByCanonical(URL, Optional.of("1.9"))))
        .contains("1.9");
    assertThat(find(resolver, new ViewReference.ByCanonical(URL, Optional.of("2")))).isEmpty();
    assertThat(find(resolver, new ViewReference.ById("'"))).isEmpty();
    assertThatThrownBy(() -> find(resolver, new ViewReference.ById("nameless")))
        .isInstanceOf(ExportRefusedException.class);
    assertThatThrownBy(() -> find(resolver, new ViewReference.Inline("{}")))
        .isInstanceOf(ExportRefusedException.class);
  }

  @Test
  void aFolderHoldsDefinitions() throws IOException {
    Files.writeString(folder.resolve("one.json"), definition("", "1.9"));
    Files.writeString(folder.resolve("b.json"), definition("two", "1.10"));
    Files.writeString(folder.resolve("nameless.json"), "{\"resourceType\": \"ViewDefinition\"}");
    Files.writeString(folder.resolve("broken.json"), "{");
    Files.writeString(folder.resolve("patient.json"), "{\"resourceType\": \"Patient\"}");
    resolves(FolderViewResolver.create(folder));
    FolderViewResolver nowhere = FolderViewResolver.create(folder.resolve("nowhere"));
    assertThatThrownBy(() -> find(nowhere, new ViewReference.ById("one")))
        .isInstanceOf(ExportException.class);
  }

  @Test
  void theLogSaysWhyAFileHoldsNoDefinition() throws IOException {
    Files.writeString(folder.resolve("broken.json"), "{\n \"name\": secret");
    Files.writeString(folder.resolve("list.json"), "[]");
    Files.writeString(folder.resolve("nameless.json"), "{}");
    Files.writeString(folder.resolve("patient.json"), "{\"resourceType\": \"Patient\"}");
    try (LogCapture log = new LogCapture(FolderViewResolver.class.getName())) {
      find(FolderViewResolver.create(folder), new ViewReference.ById("one"));
      assertThat(log.lines)
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactlyInAnyOrder(
              "broken.json holds no ViewDefinition: it is no JSON from line 2, column 10 on",
              "list.json holds no ViewDefinition: it is no JSON object",
              "nameless.json has no name, so the relation of its ViewDefinition is not known",
              "patient.json holds no ViewDefinition: its resourceType is another one");
    }
  }

  @Test
  void aTableHoldsDefinitions() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute(
        "create table " + schema + ".\"View Definition\" (id text, resource jsonb)",
        "insert into %s.\"View Definition\" values ('one', '%s'), ('two', '%s'), ('nameless', '{}')"
            .formatted(
                schema,
                definition("", "1.9").replace("\"resourceType\": \"ViewDefinition\",", ""),
                definition("two", "1.10")));
    ViewName table = new ViewName(schema, "View Definition");
    resolves(PostgresViewResolver.create(TestDatabase.dataSource(), table));
    PostgresViewResolver nowhere =
        PostgresViewResolver.create(TestDatabase.dataSource(), new ViewName(schema, "gone"));
    assertThatThrownBy(() -> find(nowhere, new ViewReference.ById("one")))
        .isInstanceOf(ExportException.class);
  }
}
