// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.InternalErrorException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Patient;
import org.jspecify.annotations.Nullable;

/** Reads Patients from the table that the views are made of. */
public final class PatientProvider implements IResourceProvider {
  private final DataSource data;

  PatientProvider(DataSource data) {
    this.data = data;
  }

  @Override
  public Class<Patient> getResourceType() {
    return Patient.class;
  }

  /** The Patient; null, as HAPI wants it, where there is none. */
  @Read
  public @Nullable Patient read(@IdParam IdType id) {
    try (Connection connection = data.getConnection();
        PreparedStatement query =
            connection.prepareStatement("select resource from public.patient where id = ?")) {
      query.setString(1, id.getIdPart());
      try (ResultSet rows = query.executeQuery()) {
        return rows.next()
            ? FhirContext.forR4Cached()
                .newJsonParser()
                .parseResource(Patient.class, rows.getString(1))
            : null;
      }
    } catch (SQLException e) {
      throw new InternalErrorException("The database did not answer; try later.");
    }
  }
}
