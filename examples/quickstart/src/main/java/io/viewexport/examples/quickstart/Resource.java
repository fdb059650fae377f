// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

/**
 * A FHIR resource to be stored.
 *
 * @param type its type, such as {@code Patient}
 * @param id its id
 * @param json all of it, on one line
 * @param origin where it came from, for messages: file and line
 */
record Resource(String type, String id, String json, String origin) {}
