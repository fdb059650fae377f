// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

/** What the HTTP server is built with. */
enum Framework {
  /** HAPI FHIR. */
  HAPI,
  /** Javalin. */
  LIGHT
}
