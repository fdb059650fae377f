// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.state.ChunkOrigin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The small values that are kept as JSON. Fields that a newer library added are passed over, so
 * that servers of two versions can share a store.
 */
final class StoredJson {
  private StoredJson() {}

  static String write(FailureCause cause) {
    return Json.write(cause(cause));
  }

  static FailureCause cause(String json) {
    return cause(Json.read(json));
  }

  private static ObjectNode cause(FailureCause cause) {
    return Json.object()
        .put("kind", cause.kind().name())
        .put("code", cause.code())
        .put("message", cause.message());
  }

  private static FailureCause cause(JsonNode node) {
    return new FailureCause(
        FailureKind.valueOf(Json.text(node, "kind")),
        Json.text(node, "code"),
        Json.text(node, "message"));
  }

  static String write(ExportFailure failure) {
    ObjectNode node = Json.object().put("task", failure.task()).put("failures", failure.failures());
    node.set("first", cause(failure.first()));
    node.set("last", cause(failure.last()));
    return Json.write(node);
  }

  static ExportFailure failure(String json) {
    JsonNode node = Json.read(json);
    return new ExportFailure(
        Json.text(node, "task"),
        node.required("failures").asInt(),
        cause(node.required("first")),
        cause(node.required("last")));
  }

  static String write(MergeCounts counts) {
    ObjectNode node = Json.object();
    put(node, "inserted", counts.inserted());
    put(node, "updated", counts.updated());
    put(node, "deleted", counts.deleted());
    put(node, "unchanged", counts.unchanged());
    return Json.write(node);
  }

  static MergeCounts counts(String json) {
    JsonNode node = Json.read(json);
    return new MergeCounts(
        Json.optionalLong(node, "inserted"),
        Json.optionalLong(node, "updated"),
        Json.optionalLong(node, "deleted"),
        Json.optionalLong(node, "unchanged"));
  }

  private static void put(ObjectNode node, String name, OptionalLong value) {
    if (value.isPresent()) {
      node.put(name, value.getAsLong());
    }
  }

  /** The time that an origin gives, as the database reads it. */
  static @Nullable String nextSince(ChunkOrigin origin) {
    return origin.nextSince().instant().map(Instant::toString).orElse(null);
  }

  /** Why an origin gives no time. */
  static @Nullable String withheld(ChunkOrigin origin) {
    return origin.nextSince().withheld().map(StoredJson::write).orElse(null);
  }

  private static String write(ExportIssue issue) {
    return Json.write(issue(issue));
  }

  private static ObjectNode issue(ExportIssue issue) {
    return Json.object().put("code", issue.code()).put("message", issue.message());
  }

  static String write(List<NextSince> nextSinces) {
    return Json.write(Json.array(nextSinces.stream().map(StoredJson::node).toList()));
  }

  private static ObjectNode node(NextSince nextSince) {
    ObjectNode node = nextSince.withheld().map(StoredJson::issue).orElseGet(Json::object);
    nextSince.instant().ifPresent(at -> node.put("instant", at.toString()));
    return node;
  }

  static List<NextSince> nextSinces(String json) {
    List<NextSince> all = new ArrayList<>();
    Json.read(json).forEach(node -> all.add(nextSince(node)));
    return all;
  }

  private static NextSince nextSince(JsonNode node) {
    return Json.optional(node, "instant")
        .map(at -> NextSince.at(Instant.parse(at)))
        .orElseGet(() -> NextSince.withheld(Json.text(node, "code"), Json.text(node, "message")));
  }

  static NextSince withheld(String json) {
    JsonNode node = Json.read(json);
    return NextSince.withheld(Json.text(node, "code"), Json.text(node, "message"));
  }

  static String write(ViewSlice slice) {
    if (slice instanceof ViewSlice.KeyHash hash) {
      return Json.write(
          Json.object()
              .put("by", "key-hash")
              .put("index", hash.index())
              .put("count", hash.count()));
    }
    if (slice instanceof ViewSlice.PageRange pages) {
      return Json.write(
          Json.object()
              .put("by", "pages")
              .put("fromPage", pages.fromPage())
              .put("toPage", pages.toPage()));
    }
    return Json.write(Json.object().put("by", "whole"));
  }

  static ViewSlice slice(String json) {
    JsonNode node = Json.read(json);
    return switch (Json.text(node, "by")) {
      case "whole" -> new ViewSlice.Whole();
      case "key-hash" ->
          new ViewSlice.KeyHash(node.required("index").asInt(), node.required("count").asInt());
      case "pages" ->
          new ViewSlice.PageRange(
              node.required("fromPage").asLong(), node.required("toPage").asLong());
      default -> throw new IllegalStateException("a slice of the job store is of no known kind");
    };
  }
}
