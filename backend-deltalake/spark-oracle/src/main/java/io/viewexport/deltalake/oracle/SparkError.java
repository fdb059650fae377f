// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

/**
 * Why a statement failed.
 *
 * @param errorClass such as {@code TABLE_OR_VIEW_NOT_FOUND}; empty text where Spark gives none
 * @param sqlState such as {@code 42P01}; empty text where Spark gives none
 * @param message Spark's text; begins with the class in brackets where there is one
 */
public record SparkError(String errorClass, String sqlState, String message) {}
