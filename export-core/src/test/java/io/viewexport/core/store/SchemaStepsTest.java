// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.SliceKind;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskState;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What steps of the schema may do, so that servers of older versions can work on. */
class SchemaStepsTest {
  private static final Path RESOURCES = Path.of("src/main/resources/io/viewexport/core/store/jdbi");
  private static final Path RELEASED =
      Path.of("src/test/resources/io/viewexport/core/store/upgrade/V001");

  /** How often a table is vacuumed and analyzed: no server's statements see that. */
  private static final Pattern STORAGE =
      Pattern.compile("alter table \\S+ set \\((autovacuum_\\w+ = [\\d.]+(, )?)+\\)");

  private static final Pattern NEW_RELATION =
      Pattern.compile("create (unique )?(table|index|sequence|view) .*");
  private static final Pattern NEW_COLUMN = Pattern.compile("add column (if not exists )?\\w+ .*");
  private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-zA-Z]\\w*)");

  /** The types that parameters are bound by, where they are not texts. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("view", "int"),
          Map.entry("chunk", "int"),
          Map.entry("token", "int"),
          Map.entry("limit", "int"),
          Map.entry("offset", "int"),
          Map.entry("passes", "int"),
          Map.entry("version", "int"),
          Map.entry("lost", "bigint"),
          Map.entry("rowCount", "bigint"),
          Map.entry("byteCount", "bigint"),
          Map.entry("leaseMillis", "bigint"),
          Map.entry("delayMillis", "bigint"),
          Map.entry("retentionMillis", "bigint"),
          Map.entry("plan", "bigint"),
          Map.entry("setup", "bigint"),
          Map.entry("finalize", "bigint"),
          Map.entry("cleanup", "bigint"),
          Map.entry("ends", "boolean"),
          Map.entry("inDoubt", "boolean"),
          Map.entry("jobs", "varchar[]"),
          Map.entry("types", "varchar[]"),
          Map.entry("slices", "varchar[]"),
          Map.entry("keys", "varchar[]"),
          Map.entry("workers", "varchar[]"),
          Map.entry("states", "varchar[]"),
          Map.entry("definitions", "varchar[]"),
          Map.entry("views", "int[]"),
          Map.entry("chunks", "int[]"),
          Map.entry("ordinals", "int[]"),
          Map.entry("tokens", "int[]"),
          Map.entry("rows", "bigint[]"),
          Map.entry("bytes", "bigint[]"));

  /** The files of all steps, in order. */
  static List<Path> steps() {
    return files(RESOURCES.resolve("schema"), "V\\d{3}__\\w+\\.sql");
  }

  static List<Path> releasedStatements() {
    return files(RELEASED, "[a-z-]+\\.sql").stream()
        .filter(file -> !file.getFileName().toString().startsWith("create-"))
        .toList();
  }

  private static List<Path> files(Path folder, String name) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().matches(name)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutComments(Path file) {
    return read(file)
        .lines()
        .map(line -> line.replaceFirst("--.*", ""))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aReleasedStepIsNeverEdited() {
    for (Path released : files(RELEASED, "V\\d{3}__\\w+\\.sql")) {
      Path current = RESOURCES.resolve("schema").resolve(released.getFileName().toString());
      assertThat(read(current)).isEqualTo(read(released));
    }
  }

  @Test
  void stepsOnlyAdd() {
    List<Path> later = steps().subList(1, steps().size());
    assertThat(later).isNotEmpty();
    later.forEach(
        step -> assertThat(objections(withoutComments(step))).as(step.toString()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE viewexport.job",
        "ALTER TABLE viewexport.job DROP COLUMN kind",
        "ALTER TABLE viewexport.job RENAME COLUMN kind TO sort",
        "ALTER TABLE viewexport.job ALTER COLUMN kind TYPE int",
        "ALTER TABLE viewexport.job ADD COLUMN a int NOT NULL",
        "ALTER TABLE viewexport.job ADD COLUMN a int, DROP COLUMN kind",
        "ALTER TABLE viewexport.job ADD CHECK (kind <> '')",
        "ALTER TABLE viewexport.job ADD COLUMN a int DEFAULT 1 CHECK (a > 0)",
        "CREATE UNIQUE INDEX one_kind ON viewexport.job (kind)",
        "UPDATE viewexport.job SET kind = ''",
        "CREATE TABLE viewexport.a (b int); DROP INDEX viewexport.job_newest"
      })
  void aStepThatOlderServersCannotLiveWithIsFound(String step) {
    assertThat(objections(step)).isNotEmpty();
  }

  /** The statements of a step that do more than add what older servers need not know of. */
  private static List<String> objections(String step) {
    List<String> wrong = new ArrayList<>();
    Set<String> made = new HashSet<>();
    for (String text : step.split(";", -1)) {
      String statement = text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
      if (!statement.isEmpty() && !adds(statement, made)) {
        wrong.add(statement);
      }
    }
    return wrong;
  }

  private static boolean adds(String statement, Set<String> made) {
    if (STORAGE.matcher(statement).matches()) {
      return true;
    }
    Matcher alter = Pattern.compile("alter table (\\S+) (.*)").matcher(statement);
    if (alter.matches()) {
      return Stream.of(alter.group(2).split(",", -1))
          .map(String::strip)
          .allMatch(SchemaStepsTest::addsColumn);
    }
    Matcher unique = Pattern.compile("create unique index \\S+ on (\\S+) .*").matcher(statement);
    if (unique.matches()) {
      return made.contains(unique.group(1));
    }
    Matcher table = Pattern.compile("create table (\\S+) .*").matcher(statement);
    if (table.matches()) {
      made.add(table.group(1));
    }
    return NEW_RELATION.matcher(statement).matches();
  }

  private static boolean addsColumn(String action) {
    boolean binds = action.contains("not null") && !action.contains(" default ");
    return NEW_COLUMN.matcher(action).matches()
        && !binds
        && Stream.of(" check", " unique", " primary key", " references")
            .noneMatch(action::contains);
  }

  @ParameterizedTest
  @MethodSource("releasedStatements")
  void aStatementOfTheFirstVersionRunsOnTheNewestSchema(Path file) {
    DataSource database = Newest.DATABASE;
    List<String> names = new ArrayList<>();
    Matcher parameters = PARAMETER.matcher(withoutComments(file));
    StringBuilder text = new StringBuilder();
    while (parameters.find()) {
      String name = parameters.group(1);
      if (!names.contains(name)) {
        names.add(name);
      }
      parameters.appendReplacement(text, "\\$" + (names.indexOf(name) + 1));
    }
    parameters.appendTail(text);
    boolean counts = file.endsWith("count-plan.sql");
    String types =
        names.stream()
            .map(
                name ->
                    counts && name.equals("views") ? "int" : TYPES.getOrDefault(name, "varchar"))
            .collect(Collectors.joining(", "));
    StoreDatabase.run(
        database,
        "PREPARE released %s AS %s; DEALLOCATE released"
            .formatted(names.isEmpty() ? "" : "(" + types + ")", text));
  }

  /** A store of this version, for all statements. */
  private static final class Newest {
    static final DataSource DATABASE = TestPool.of(StoreDatabase.fresh());

    static {
      PostgresJobStore.open(DATABASE).close();
    }
  }

  /** Rows hold the names of these: an older server fails at one that it does not know. */
  @Test
  void noStoredValueIsNewSinceTheFirstVersion() {
    Map<String, Class<? extends Enum<?>>> stored =
        Map.ofEntries(
            Map.entry("JobState", JobState.class),
            Map.entry("TaskState", TaskState.class),
            Map.entry("TaskType", TaskType.class),
            Map.entry("StopCause", StopCause.class),
            Map.entry("MergeOutcome", MergeOutcome.class),
            Map.entry("MergeMode", MergeMode.class),
            Map.entry("FailureKind", FailureKind.class),
            Map.entry("SnapshotMode", SnapshotMode.class),
            Map.entry("SliceKind", SliceKind.class),
            Map.entry("ColumnKind", ColumnType.Kind.class));
    List<String> released = read(RELEASED.resolve("values.txt")).lines().toList();
    assertThat(released).hasSize(stored.size());
    for (String line : released) {
      List<String> words = Arrays.asList(line.split(" ", -1));
      Class<? extends Enum<?>> type = Objects.requireNonNull(stored.get(words.get(0)));
      assertThat(Stream.of(Objects.requireNonNull(type.getEnumConstants())).map(Enum::name))
          .as("known to the first version: raise oldest_user before others are stored")
          .containsExactlyInAnyOrderElementsOf(words.subList(1, words.size()));
    }
  }
}
