// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ExportJob;
import java.util.Optional;

/**
 * The absolute URLs of jobs.
 *
 * @param base the FHIR base, without a slash at its end
 */
record Urls(String base) {
  /** The note of a job that names the operation that it was started by. */
  static final String OPERATION = "operation";

  static Optional<Urls> of(ExportOperationConfig config, OperationRequest request) {
    return config
        .baseUrl()
        .or(() -> request.baseUrl().map(ExportOperationConfig::withoutSlash).filter(Urls::isBase))
        .map(Urls::new);
  }

  /** What a client had a hand in goes into headers: no line breaks, no blanks. */
  private static boolean isBase(String url) {
    return url.matches("https?://[\\x21-\\x7e]{1,2000}");
  }

  String status(ExportJob job) {
    return list(face(job)) + "/" + job.id();
  }

  String result(ExportJob job) {
    return base + face(job).path + "/result/" + job.id();
  }

  String list(Face face) {
    return base + face.path + "/status";
  }

  private static Face face(ExportJob job) {
    String code = job.request().notes().getOrDefault(OPERATION, "");
    return code.equals(Face.SQL_EXPORT.code) ? Face.SQL_EXPORT : Face.VIEWDEFINITION_EXPORT;
  }
}
