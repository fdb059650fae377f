// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

/** A server that listens. */
interface HttpServer extends AutoCloseable {
  /** The path of the FHIR base. */
  String BASE = "/fhir";

  @Override
  void close();
}
