// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

/**
 * Names parts of a request in issues: {@code mergeKey} where the job asks, {@code view[1].mergeKey}
 * where the view does.
 *
 * @param view the number of the view
 * @param ofView whether the view itself asks
 */
record Part(int view, boolean ofView) {
  String named(String parameter) {
    return ofView ? "view[" + view + "]." + parameter : parameter;
  }
}
