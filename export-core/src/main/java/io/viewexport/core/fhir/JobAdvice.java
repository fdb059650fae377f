// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ViewAdvice;
import io.viewexport.core.ExportService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What makes the views of a job slow or unsafe, kept with the job as one of its notes. */
final class JobAdvice {
  private static final Logger LOG = LoggerFactory.getLogger(JobAdvice.class);
  private static final String NOTE = "advice";

  /** A job of many views says no more: its status is read often. */
  private static final int MOST = 20;

  private JobAdvice() {}

  /** The request with what can be said of its views; no trouble in finding out keeps it back. */
  static void add(
      ExportRequest.Builder asked,
      Iterable<ViewRequest> views,
      ViewOptions ofJob,
      ExportService on) {
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    for (ViewRequest view : views) {
      try {
        for (ViewAdvice advice : on.adviseOn(view.view(), merged(view.options(), ofJob))) {
          if (found.size() < MOST) {
            found
                .addObject()
                .put("view", view.name())
                .put("code", advice.code())
                .put("message", advice.message());
          }
        }
      } catch (RuntimeException failed) {
        LOG.debug("no advice on {}: {}", view.view(), failed.getClass().getName());
      }
    }
    if (!found.isEmpty()) {
      asked.note(NOTE, found.toString());
    }
  }

  private static ViewOptions merged(ViewOptions own, ViewOptions ofJob) {
    ViewOptions.Builder merged = ViewOptions.builder();
    own.timestampColumn().or(ofJob::timestampColumn).ifPresent(merged::timestampColumn);
    return merged.mergeKey(own.mergeKey().isEmpty() ? ofJob.mergeKey() : own.mergeKey()).build();
  }

  /** Tells clients. */
  static void write(ExportRequest request, ParametersBody body) {
    String note = request.notes().get(NOTE);
    if (note == null) {
      return;
    }
    for (JsonNode advice : FhirJson.read(note).orElseThrow()) {
      body.parts(
          NOTE,
          parts ->
              parts
                  .string("view", advice.path("view").asText())
                  .code("code", advice.path("code").asText())
                  .string("message", advice.path("message").asText()));
    }
  }
}
