// SPDX-License-Identifier: Apache-2.0
/**
 * The FHIR operation in real servers: in one that is built with HAPI FHIR ({@link
 * io.viewexport.examples.server.HapiExports}) and in a small one.
 */
@NullMarked
package io.viewexport.examples.server;

import org.jspecify.annotations.NullMarked;
