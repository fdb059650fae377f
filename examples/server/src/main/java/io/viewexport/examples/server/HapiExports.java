// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import io.viewexport.core.fhir.ExportOperation;
import io.viewexport.core.fhir.OperationRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseConformance;
import org.hl7.fhir.r4.model.CapabilityStatement;

/** The export operations in a HAPI FHIR server: an interceptor, registered there. */
@Interceptor
public record HapiExports(ExportOperation operation, String base, int maxBodyBytes) {

  /** Answers what is the operations', and their definitions; true: it was not for them. */
  @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_PROCESSED)
  public boolean answer(HttpServletRequest from, HttpServletResponse to) throws IOException {
    String path = String.valueOf(from.getPathInfo());
    String id = path.replaceFirst("^/OperationDefinition/", "");
    String definition = operation.operationDefinitions(base).get(id);
    if (definition != null && from.getMethod().equals("GET")) {
      to.setContentType("application/fhir+json;charset=utf-8");
      to.getWriter().write(definition);
      return false;
    }
    if (!ExportOperation.owns(path)) {
      return true;
    }
    var request = OperationRequest.builder(from.getMethod(), path);
    for (String name : Collections.list(from.getHeaderNames())) {
      from.getHeaders(name).asIterator().forEachRemaining(value -> request.header(name, value));
    }
    request.query(from.getQueryString() == null ? "" : from.getQueryString());
    Optional.ofNullable(from.getRemoteUser()).ifPresent(request::principal);
    request.body(from.getInputStream().readNBytes(maxBodyBytes + 1));
    var response = operation.handle(request.build());
    to.setStatus(response.status());
    response.headers().forEach(to::setHeader);
    to.getWriter().write(response.body());
    return false;
  }

  /** Adds the operations to what {@code /metadata} says. */
  @Hook(Pointcut.SERVER_CAPABILITY_STATEMENT_GENERATED)
  public void describe(IBaseConformance said) {
    String form = "{'resourceType': 'CapabilityStatement', 'rest': [{'operation': OURS}]}";
    String ours = form.replace('\'', '"').replace("OURS", operation.capabilityOperations(base));
    var parser = FhirContext.forR4Cached().newJsonParser();
    var rest = parser.parseResource(CapabilityStatement.class, ours).getRestFirstRep();
    rest.getOperation().forEach(((CapabilityStatement) said).getRestFirstRep()::addOperation);
  }
}
