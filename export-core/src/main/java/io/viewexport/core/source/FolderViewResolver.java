// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.ExportException;
import io.viewexport.api.view.ResolvedView;
import io.viewexport.api.view.ViewReference;
import io.viewexport.api.view.ViewResolver;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ViewDefinitions in the files {@code *.json} of a folder, each materialised to the relation {@code
 * sof.<name>}. A definition without an id has its file's name for one. The files are read at each
 * request, so what is put there is known at once. Safe for use by many threads.
 */
public final class FolderViewResolver implements ViewResolver {
  private static final Logger LOG = LoggerFactory.getLogger(FolderViewResolver.class);
  private static final String SUFFIX = ".json";

  private final Path folder;
  private final String schema;

  private FolderViewResolver(Path folder, String schema) {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.schema = Objects.requireNonNull(schema, "schema");
  }

  /** The definitions of a folder, with relations in the schema {@code sof}. */
  public static FolderViewResolver create(Path folder) {
    return create(folder, "sof");
  }

  /** The definitions of a folder, with relations in a schema. */
  public static FolderViewResolver create(Path folder, String schema) {
    return new FolderViewResolver(folder, schema);
  }

  @Override
  public Optional<ResolvedView> resolve(ViewReference reference, Optional<String> principal) {
    StoredDefinition.refuseInline(reference);
    return definitions().stream()
        .filter(definition -> definition.isMeant(reference))
        .max(StoredDefinition.OLDEST_FIRST)
        .map(definition -> definition.view(schema));
  }

  private List<StoredDefinition> definitions() {
    List<StoredDefinition> definitions = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String id = name.substring(0, name.length() - SUFFIX.length());
        Optional<StoredDefinition> read =
            StoredDefinition.read(
                id,
                Files.readString(file),
                why -> LOG.warn("{} holds no ViewDefinition: {}", name, why));
        if (read.filter(definition -> !definition.hasName()).isPresent()) {
          LOG.warn("{} has no name, so the relation of its ViewDefinition is not known", name);
        }
        read.ifPresent(definitions::add);
      }
      return definitions;
    } catch (IOException e) {
      throw ExportException.retryable(
          "view-definitions-unreadable", "The folder of the ViewDefinitions can't be read.", e);
    }
  }
}
