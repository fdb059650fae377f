// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.MergeCounts;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** A job's status as a FHIR server gives it: a Parameters resource. */
final class StatusReport {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final ObjectNode resource = MAPPER.createObjectNode();

  private StatusReport(ExportJob job) {
    resource.put("resourceType", "Parameters");
    ArrayNode parameters = resource.putArray("parameter");
    parameter(parameters, "exportId").put("valueString", job.id().value());
    parameter(parameters, "status").put("valueCode", job.state().code());
    job.request()
        .clientTrackingId()
        .ifPresent(id -> parameter(parameters, "clientTrackingId").put("valueString", id));
    job.startedAt()
        .ifPresent(
            start ->
                parameter(parameters, "exportStartTime").put("valueInstant", start.toString()));
    job.endedAt()
        .ifPresent(
            end -> parameter(parameters, "exportEndTime").put("valueInstant", end.toString()));
    if (job.startedAt().isPresent() && job.endedAt().isPresent()) {
      Duration duration = Duration.between(job.startedAt().get(), job.endedAt().get());
      parameter(parameters, "exportDuration").put("valueInteger", duration.toSeconds());
    }
    job.outputs().forEach(output -> output(parameters, output));
    job.failure().ifPresent(failure -> error(parameters, failure));
  }

  /** The resource as indented JSON. */
  static String render(ExportJob job) {
    try {
      return MAPPER.writeValueAsString(new StatusReport(job).resource);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static void output(ArrayNode parameters, ExportOutput output) {
    ArrayNode parts = parameter(parameters, "output").putArray("part");
    parameter(parts, "name").put("valueString", output.name());
    output.location().ifPresent(location -> parameter(parts, "location").put("valueUri", location));
    parameter(parts, "merge").put("valueCode", code(output.outcome()));
    parameter(parts, "rowCount").put("valueDecimal", output.rowCount());
    output.counts().ifPresent(counts -> counts(parts, counts));
  }

  private static void counts(ArrayNode parts, MergeCounts counts) {
    count(parts, "inserted", counts.inserted());
    count(parts, "updated", counts.updated());
    count(parts, "deleted", counts.deleted());
    count(parts, "unchanged", counts.unchanged());
  }

  private static void count(ArrayNode parts, String name, OptionalLong count) {
    count.ifPresent(rows -> parameter(parts, name).put("valueDecimal", rows));
  }

  private static void error(ArrayNode parameters, ExportFailure failure) {
    ArrayNode parts = parameter(parameters, "error").putArray("part");
    parameter(parts, "code").put("valueCode", failure.last().code());
    parameter(parts, "message").put("valueString", failure.last().message());
  }

  private static String code(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static ObjectNode parameter(ArrayNode parameters, String name) {
    return parameters.addObject().put("name", name);
  }
}
