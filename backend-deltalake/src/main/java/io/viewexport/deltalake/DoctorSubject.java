// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.deltalake.internal.schema.TableName;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The objects that an examination is about, by the names that SQL has for them. */
final class DoctorSubject {
  private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z0-9._@-]{1,200}");

  private final TableName target;
  private final TableName probe;
  private final String warehouse;
  private final Supplier<ClientCredentials> credentials;
  private final Supplier<Optional<String>> location;

  /**
   * Names.
   *
   * @param probe the staging table that is made and dropped
   * @param credentials whose client id is the principal's name in grants
   * @param location finds the name of the external location that staging lies in
   */
  DoctorSubject(
      TableName target,
      TableName probe,
      String warehouse,
      Supplier<ClientCredentials> credentials,
      Supplier<Optional<String>> location) {
    this.target = target;
    this.probe = probe;
    this.warehouse = warehouse;
    this.credentials = credentials;
    this.location = location;
  }

  TableName target() {
    return target;
  }

  TableName probe() {
    return probe;
  }

  String warehouse() {
    return warehouse;
  }

  /** The application id, where it is of the form of one. */
  String principal() {
    String unknown = "<application id of the service principal>";
    try {
      String id = credentials.get().clientId();
      return PRINCIPAL.matcher(id).matches() ? id : unknown;
    } catch (RuntimeException notToBeHad) {
      return unknown;
    }
  }

  /** The external location, where it may be seen. */
  String location() {
    String unknown = "<the external location that staging lies in>";
    try {
      return location.get().orElse(unknown);
    } catch (ExportException notToBeSeen) {
      return unknown;
    }
  }
}
