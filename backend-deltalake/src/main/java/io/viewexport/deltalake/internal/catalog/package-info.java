// SPDX-License-Identifier: Apache-2.0
/** Unity Catalog: its tables, and the credentials it vends for their files. */
@NullMarked
package io.viewexport.deltalake.internal.catalog;

import org.jspecify.annotations.NullMarked;
