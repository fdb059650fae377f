// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.core.fhir.ViewShape.Column;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Reads a ViewDefinition's columns: those of nested selects, of {@code forEach}, {@code
 * forEachOrNull}, {@code repeat}, and of {@code unionAll}, whose branches must agree. What can't be
 * understood is a problem; expressions are not evaluated.
 */
final class ViewDefinitionReader {
  private static final String ROOT = "%resource.";
  private static final Pattern PATIENT_KEY =
      Pattern.compile("(.*\\.)?getReferenceKey\\(\\s*['\"]?Patient['\"]?\\s*\\)");

  /** The elements that name the patient in nearly all resource types, as they stand. */
  private static final Set<String> PATIENT_REFERENCES =
      Set.of("subject.reference", "patient.reference");

  private final List<String> problems = new ArrayList<>();

  private ViewDefinitionReader() {}

  /**
   * What the definition says.
   *
   * @param problems takes what is wrong with it, in words
   */
  static ViewShape read(JsonNode definition, List<String> problems) {
    ViewDefinitionReader reader = new ViewDefinitionReader();
    ViewShape shape = reader.shape(definition);
    problems.addAll(reader.problems);
    return shape;
  }

  private ViewShape shape(JsonNode definition) {
    if (!definition.path("resourceType").asText().equals("ViewDefinition")) {
      problems.add("It is no ViewDefinition.");
      return ViewShape.UNKNOWN;
    }
    String resource = definition.path("resource").asText();
    if (resource.isEmpty()) {
      problems.add("It names no resource.");
    }
    JsonNode select = definition.path("select");
    if (!select.isArray() || select.isEmpty()) {
      problems.add("It selects nothing.");
    }
    List<Column> columns = selects(select, true, "select");
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        problems.add("It has two columns of the name \"" + quote(column.name()) + "\".");
      }
    }
    Optional<String> name =
        Optional.of(definition.path("name").asText()).filter(text -> !text.isBlank());
    return shape(name, resource, columns);
  }

  private static ViewShape shape(Optional<String> name, String resource, List<Column> columns) {
    Optional<String> id =
        first(columns, path -> path.equals("getResourceKey()"))
            .or(() -> first(columns, path -> path.equals("id")));
    Optional<String> timestamp =
        first(columns, path -> path.equals("getAidboxTs()"))
            .or(() -> first(columns, path -> path.equals("meta.lastUpdated")));
    Optional<String> patient =
        resource.equals("Patient")
            ? id
            : first(columns, path -> PATIENT_KEY.matcher(path).matches())
                .or(() -> first(columns, PATIENT_REFERENCES::contains));
    return new ViewShape(name, columns, id, timestamp, patient);
  }

  private static Optional<String> first(List<Column> columns, Predicate<String> path) {
    return columns.stream()
        .filter(column -> column.ofResource() || column.path().startsWith(ROOT))
        .filter(column -> path.test(withoutRoot(column.path())))
        .map(Column::name)
        .findFirst();
  }

  private static String withoutRoot(String path) {
    String bare = path.strip();
    return bare.startsWith(ROOT) ? bare.substring(ROOT.length()) : bare;
  }

  private List<Column> selects(JsonNode selects, boolean ofResource, String place) {
    List<Column> columns = new ArrayList<>();
    for (Item item : items(selects, place)) {
      columns.addAll(select(item.json(), ofResource, item.place()));
    }
    return columns;
  }

  private List<Column> select(JsonNode select, boolean outerOfResource, String place) {
    if (!select.isObject()) {
      problems.add(place + " is no object.");
      return List.of();
    }
    boolean ofResource =
        outerOfResource
            && !select.hasNonNull("forEach")
            && !select.hasNonNull("forEachOrNull")
            && !select.hasNonNull("repeat");
    List<Column> columns = new ArrayList<>();
    for (Item item : items(select.path("column"), place + ".column")) {
      column(item, ofResource).ifPresent(columns::add);
    }
    columns.addAll(selects(select.path("select"), ofResource, place + ".select"));
    columns.addAll(union(select.path("unionAll"), ofResource, place + ".unionAll"));
    return columns;
  }

  private Optional<Column> column(Item item, boolean ofResource) {
    JsonNode column = item.json();
    String name = column.path("name").asText();
    String path = column.path("path").asText();
    if (name.isEmpty() || path.isEmpty()) {
      problems.add(item.place() + " lacks a name or a path.");
      return Optional.empty();
    }
    String type = column.path("type").asText();
    String bare = type.substring(type.lastIndexOf('/') + 1).replaceFirst("^(System|FHIR)\\.", "");
    return Optional.of(
        new Column(
            name,
            path,
            Optional.of(bare).filter(text -> !text.isEmpty()),
            column.path("collection").asBoolean(),
            ofResource));
  }

  /** The first branch's columns stand for all; one that is not of the resource in each is not. */
  private List<Column> union(JsonNode branches, boolean ofResource, String place) {
    List<Column> first = List.of();
    boolean isFirst = true;
    for (Item branch : items(branches, place)) {
      List<Column> next = select(branch.json(), ofResource, branch.place());
      if (isFirst) {
        first = next;
        isFirst = false;
      } else if (names(next).equals(names(first))) {
        first = agreed(first, next);
      } else {
        problems.add(place + " has branches of different columns.");
      }
    }
    return first;
  }

  /**
   * An element of an array.
   *
   * @param place where it stands
   */
  private record Item(JsonNode json, String place) {}

  private List<Item> items(JsonNode array, String place) {
    List<Item> items = new ArrayList<>();
    if (!array.isArray() && !array.isMissingNode()) {
      problems.add(place + " is no array.");
      return items;
    }
    for (JsonNode element : array) {
      items.add(new Item(element, place + "[" + items.size() + "]"));
    }
    return items;
  }

  private static List<String> names(List<Column> columns) {
    return columns.stream().map(Column::name).toList();
  }

  private static List<Column> agreed(List<Column> one, List<Column> other) {
    List<Column> agreed = new ArrayList<>();
    for (int index = 0; index < one.size(); index++) {
      Column mine = one.get(index);
      Column theirs = other.get(index);
      boolean samePath = withoutRoot(mine.path()).equals(withoutRoot(theirs.path()));
      boolean resource = mine.ofResource() || mine.path().startsWith(ROOT);
      boolean theirResource = theirs.ofResource() || theirs.path().startsWith(ROOT);
      agreed.add(
          new Column(
              mine.name(),
              samePath ? withoutRoot(mine.path()) : "",
              mine.type().equals(theirs.type()) ? mine.type() : Optional.empty(),
              mine.collection() || theirs.collection(),
              samePath && resource && theirResource));
    }
    return agreed;
  }

  private static String quote(String text) {
    return ParametersReader.quote(text);
  }
}
