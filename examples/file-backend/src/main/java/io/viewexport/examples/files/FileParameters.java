// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.backend.BackendParameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The parameters of the kind: what they are, and what a view's say. */
final class FileParameters {
  static final String FORMAT = "_format";
  static final String HEADER = "header";
  static final String COMPRESSION = "compression";
  static final String OUTPUT_PATH = "outputPath";
  static final String DUPLICATE_KEYS = "duplicateKeys";

  static final List<BackendParameter> ALL =
      List.of(
          new BackendParameter(
              FORMAT,
              BackendParameter.Type.CODE,
              "The form of the files: ndjson, the default, csv, json or parquet."),
          new BackendParameter(
              HEADER,
              BackendParameter.Type.BOOLEAN,
              "Whether CSV files begin with the names of the columns; by default they do."),
          new BackendParameter(
              COMPRESSION,
              BackendParameter.Type.CODE,
              "none, the default, or gzip; for Parquet zstd, the default, snappy or none."),
          new BackendParameter(
              OUTPUT_PATH,
              BackendParameter.Type.STRING,
              "The folder in which the export makes one of its own, named by its id."),
          new BackendParameter(
              DUPLICATE_KEYS,
              BackendParameter.Type.CODE,
              "What becomes of rows with the same merge key: fail, the default, or keep."));

  private final FileStorage storage;
  private final Map<String, String> values;
  private final UnaryOperator<String> expression;
  private final List<ExportIssue> problems = new ArrayList<>();

  private FileParameters(
      FileStorage storage, Map<String, String> values, UnaryOperator<String> expression) {
    this.storage = storage;
    this.values = values;
    this.expression = expression;
  }

  /**
   * Reads a view's parameters.
   *
   * @param expression makes the expression for a parameter's name
   * @param problems takes every problem found
   * @return empty where there was a problem
   */
  static Optional<FileTarget> read(
      FileStorage storage,
      Map<String, String> values,
      UnaryOperator<String> expression,
      List<ExportIssue> problems) {
    FileParameters parameters = new FileParameters(storage, values, expression);
    Optional<FileTarget> target = parameters.read();
    problems.addAll(parameters.problems);
    return parameters.problems.isEmpty() ? target : Optional.empty();
  }

  /**
   * Reads parameters that planning has accepted, on whatever server.
   *
   * @throws ExportException {@code PERMANENT} where they are not acceptable on this one
   */
  static FileTarget accepted(FileStorage storage, Map<String, String> values) {
    List<ExportIssue> problems = new ArrayList<>();
    return read(storage, values, UnaryOperator.identity(), problems)
        .orElseThrow(
            () -> {
              ExportIssue first = problems.get(0);
              return ExportException.permanent(first.code(), first.message(), null);
            });
  }

  private Optional<FileTarget> read() {
    checkKnown();
    Optional<FileFormat> format = format();
    Optional<FileFormat.Compression> compression = format.flatMap(this::compression);
    FileTarget.Header header =
        choose(
                HEADER,
                "true",
                Map.of("true", FileTarget.Header.PRESENT, "false", FileTarget.Header.ABSENT))
            .orElse(FileTarget.Header.PRESENT);
    FileTarget.Duplicates duplicates =
        choose(
                DUPLICATE_KEYS,
                "fail",
                Map.of("fail", FileTarget.Duplicates.FAIL, "keep", FileTarget.Duplicates.KEEP))
            .orElse(FileTarget.Duplicates.FAIL);
    Optional<String> folder = folder();
    if (folder.isEmpty() || format.isEmpty() || compression.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new FileTarget(folder.get(), format.get(), compression.get(), header, duplicates));
  }

  private void checkKnown() {
    List<String> known = ALL.stream().map(BackendParameter::name).toList();
    for (String name : values.keySet().stream().sorted().toList()) {
      if (!known.contains(name)) {
        problem(
            "unknown-parameter",
            "There is no parameter " + name + "; known are " + String.join(", ", known) + ".",
            name);
      }
    }
  }

  private Optional<FileFormat> format() {
    return choose(
        FORMAT,
        FileFormat.NDJSON.code(),
        Arrays.stream(FileFormat.values())
            .collect(Collectors.toMap(FileFormat::code, format -> format)));
  }

  private Optional<FileFormat.Compression> compression(FileFormat format) {
    return choose(
        COMPRESSION,
        format.compressions().get(0).code(),
        format.compressions().stream()
            .collect(Collectors.toMap(FileFormat.Compression::code, compression -> compression)));
  }

  private <T> Optional<T> choose(String parameter, String usual, Map<String, T> choices) {
    T chosen = choices.get(values.getOrDefault(parameter, usual));
    if (chosen == null) {
      String codes = choices.keySet().stream().sorted().collect(Collectors.joining(", "));
      problem("invalid-value", parameter + " must be one of " + codes + " here.", parameter);
    }
    return Optional.ofNullable(chosen);
  }

  private Optional<String> folder() {
    try {
      String folder = storage.resolve(values.getOrDefault(OUTPUT_PATH, ""));
      if (Arrays.asList(folder.split("/")).contains(Layout.STAGING)) {
        problem(
            "path-not-allowed",
            "outputPath must not lie in a folder " + Layout.STAGING + "; choose another.",
            OUTPUT_PATH);
      }
      return Optional.of(folder);
    } catch (PathRefusedException e) {
      problem(e.code(), e.message(), OUTPUT_PATH);
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailures.of(e, "outputPath not looked at");
    }
  }

  private void problem(String code, String message, String parameter) {
    problems.add(ExportIssue.of(code, message, expression.apply(parameter)));
  }
}
