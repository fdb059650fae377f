// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.PathNotAllowedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** The parameters of the kind: what they are, and what a view's say. */
final class ExportParameters {
  static final String WRITE_MODE = "writeMode";
  static final String TABLE_PATH = "tablePath";
  static final String STAGING_TABLE_PATH = "stagingTablePath";
  static final String TARGET_FILE_SIZE_MB = "targetFileSizeMb";

  static final List<BackendParameter> ALL =
      List.of(
          new BackendParameter(
              WRITE_MODE,
              BackendParameter.Type.CODE,
              "How the table is written: external-direct, the default, writes it by itself;"
                  + " managed-sql and managed-zerobus need a workspace."),
          new BackendParameter(
              TABLE_PATH,
              BackendParameter.Type.URL,
              "The place of the table: a folder, by its path or file: URL, or an s3: URL; made if"
                  + " it is not there."),
          new BackendParameter(
              STAGING_TABLE_PATH,
              BackendParameter.Type.URL,
              "The place for staging, best on the same file system, or in the same bucket, as the"
                  + " table; by default its sibling, named like it with .viewexport-staging at the"
                  + " end."),
          new BackendParameter(
              TARGET_FILE_SIZE_MB,
              BackendParameter.Type.INTEGER,
              "About how large data files are, in MiB: 1 to 1024, by default 128."));

  private static final String EXTERNAL_DIRECT = "external-direct";
  private static final List<String> MANAGED = List.of("managed-sql", "managed-zerobus");
  private static final String DEFAULT_STAGING_SUFFIX = ".viewexport-staging";
  private static final int DEFAULT_FILE_SIZE_MB = 128;
  private static final int MAX_FILE_SIZE_MB = 1024;
  private static final long MIB = 1024L * 1024;

  private final LakeStorage storage;
  private final Map<String, String> values;
  private final UnaryOperator<String> expression;
  private final List<ExportIssue> problems = new ArrayList<>();

  private ExportParameters(
      LakeStorage storage, Map<String, String> values, UnaryOperator<String> expression) {
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
  static Optional<ExportPlace> read(
      LakeStorage storage,
      Map<String, String> values,
      UnaryOperator<String> expression,
      List<ExportIssue> problems) {
    ExportParameters parameters = new ExportParameters(storage, values, expression);
    Optional<ExportPlace> place = parameters.read();
    problems.addAll(parameters.problems);
    return parameters.problems.isEmpty() ? place : Optional.empty();
  }

  /**
   * Reads parameters that planning has accepted, on whatever server.
   *
   * @throws ExportException {@code PERMANENT} where they are not acceptable on this one
   */
  static ExportPlace accepted(LakeStorage storage, Map<String, String> values) {
    List<ExportIssue> problems = new ArrayList<>();
    return read(storage, values, UnaryOperator.identity(), problems)
        .orElseThrow(
            () -> {
              ExportIssue first = problems.get(0);
              return ExportException.permanent(first.code(), first.message(), null);
            });
  }

  private Optional<ExportPlace> read() {
    checkKnown();
    checkWriteMode();
    OptionalInt fileSize = fileSizeMb();
    Optional<String> target = target();
    Optional<String> staging = target.flatMap(this::staging);
    if (staging.isEmpty() || fileSize.isEmpty()) {
      return Optional.empty();
    }
    boolean ownRoot = !values.containsKey(STAGING_TABLE_PATH);
    return Optional.of(
        new ExportPlace(target.get(), staging.get(), ownRoot, fileSize.getAsInt() * MIB));
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

  private void checkWriteMode() {
    String mode = values.getOrDefault(WRITE_MODE, EXTERNAL_DIRECT);
    if (MANAGED.contains(mode)) {
      problem(
          "write-mode-not-available",
          "writeMode "
              + mode
              + " needs a workspace, and none is configured on this server; use "
              + EXTERNAL_DIRECT
              + ".",
          WRITE_MODE);
    } else if (!mode.equals(EXTERNAL_DIRECT)) {
      problem(
          "invalid-value",
          "writeMode must be " + EXTERNAL_DIRECT + ", " + String.join(" or ", MANAGED) + ".",
          WRITE_MODE);
    }
  }

  private OptionalInt fileSizeMb() {
    String text = values.get(TARGET_FILE_SIZE_MB);
    if (text == null) {
      return OptionalInt.of(DEFAULT_FILE_SIZE_MB);
    }
    try {
      int size = Integer.parseInt(text.strip());
      if (size >= 1 && size <= MAX_FILE_SIZE_MB) {
        return OptionalInt.of(size);
      }
    } catch (NumberFormatException notANumber) {
      problem("invalid-value", "targetFileSizeMb must be a whole number.", TARGET_FILE_SIZE_MB);
      return OptionalInt.empty();
    }
    problem(
        "invalid-value",
        "targetFileSizeMb must be 1 to " + MAX_FILE_SIZE_MB + ".",
        TARGET_FILE_SIZE_MB);
    return OptionalInt.empty();
  }

  private Optional<String> target() {
    String text = values.get(TABLE_PATH);
    if (text == null || text.isBlank()) {
      problem(
          "missing-parameter",
          "tablePath is required: the folder of the table to export to.",
          TABLE_PATH);
      return Optional.empty();
    }
    return resolve(text, TABLE_PATH);
  }

  private Optional<String> staging(String target) {
    String text = values.get(STAGING_TABLE_PATH);
    if (text == null) {
      return resolve(target + DEFAULT_STAGING_SUFFIX, TABLE_PATH);
    }
    Optional<String> staging = resolve(text, STAGING_TABLE_PATH);
    if (staging.isPresent() && overlap(staging.get(), target)) {
      problem(
          "overlapping-paths",
          "stagingTablePath and tablePath must not be the same or one inside the other.",
          STAGING_TABLE_PATH);
      return Optional.empty();
    }
    return staging;
  }

  /** Whether two directories are the same, or one lies in the other. */
  static boolean overlap(String a, String b) {
    return (a + "/").startsWith(b + "/") || (b + "/").startsWith(a + "/");
  }

  private Optional<String> resolve(String text, String parameter) {
    try {
      return Optional.of(storage.resolve(text));
    } catch (PathNotAllowedException e) {
      problem(e.code(), e.message(), parameter);
      return Optional.empty();
    }
  }

  private void problem(String code, String message, String parameter) {
    problems.add(ExportIssue.of(code, message, expression.apply(parameter)));
  }
}
