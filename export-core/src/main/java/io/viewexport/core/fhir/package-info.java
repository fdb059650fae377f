/**
 * The FHIR operations {@code $viewdefinition-export} and {@code $sql-export}: {@link
 * io.viewexport.core.fhir.ExportOperation} turns a request into an answer, without any HTTP
 * framework.
 */
@NullMarked
package io.viewexport.core.fhir;

import org.jspecify.annotations.NullMarked;
