// SPDX-License-Identifier: Apache-2.0
package com.example.skeleton;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.backend.BackendFixture;
import io.viewexport.testkit.backend.DoubtfulStaging;
import io.viewexport.testkit.backend.ExistingTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the contract has to know: how to make the backend, and how to see what it has written. */
final class SkeletonPlace implements BackendFixture {
  private final Path root;

  SkeletonPlace() {
    try {
      root = Files.createTempDirectory("skeleton");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ExportBackend openBackend() {
    return new SkeletonBackend(root);
  }

  @Override
  public Map<String, String> parameters(String target) {
    return Map.of(SkeletonBackend.TARGET, target);
  }

  /** Each job adds a file. */
  @Override
  public ExistingTarget existingTarget() {
    return ExistingTarget.APPENDED;
  }

  @Override
  public Optional<SampleRows> read(String target, ViewSchema schema) {
    List<Path> files = files(path -> path.startsWith(target + "/") && path.endsWith(".ndjson"));
    return files.isEmpty() ? Optional.empty() : Optional.of(rows(files, schema));
  }

  /** Staging, and the folders that stand for withdrawn outputs. */
  @Override
  public Set<String> residue() {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> path.toString().contains(".staging-") || isWithdrawal(path))
          .map(path -> root.relativize(path).toString())
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isWithdrawal(Path path) {
    return path.toString().endsWith(".ndjson") && Files.isDirectory(path);
  }

  private List<Path> files(Predicate<String> wanted) {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .filter(path -> wanted.test(root.relativize(path).toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SampleRows rows(List<Path> files, ViewSchema schema) {
    List<List<Object>> rows = new ArrayList<>();
    for (Path file : files) {
      try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
        while (json.nextToken() == JsonToken.START_OBJECT) {
          Object[] row = new Object[schema.size()];
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            int column = schema.indexOf(json.currentName()).orElse(-1);
            boolean isNull = json.nextToken() == JsonToken.VALUE_NULL;
            if (column >= 0 && !isNull) {
              row[column] = value(schema.columns().get(column).type(), json.getText());
            }
          }
          rows.add(Arrays.asList(row));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new SampleRows(schema, rows);
  }

  private static Object value(ColumnType type, String text) {
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.valueOf(text);
      case INT -> Integer.valueOf(text);
      case BIGINT -> Long.valueOf(text);
      case FLOAT -> Float.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      case DECIMAL -> new BigDecimal(text).setScale(type.scale());
      case STRING -> text;
      case BINARY -> ByteBuffer.wrap(Base64.getDecoder().decode(text));
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> Instant.parse(text);
    };
  }

  @Override
  public DoubtfulStaging doubtfulStaging() {
    return DoubtfulStaging.RESOLVED;
  }

  @Override
  public void close() {
    try {
      SkeletonBackend.deleteTree(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
