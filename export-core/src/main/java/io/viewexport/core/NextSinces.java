// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.ViewSource;

/** Finds out from when on a later export has to read, before a snapshot is taken. */
final class NextSinces {
  private final ViewSource source;
  private final ExportConfig config;

  NextSinces(ViewSource source, ExportConfig config) {
    this.source = source;
    this.config = config;
  }

  /** With the margin taken off; throws where it can't be known and the host wants that. */
  NextSince of(ExportView view) {
    if (view.settings().timestampColumn().isEmpty()) {
      return NextSince.withheld(
          "no-timestamp-column",
          "View %s is exported without a timestamp column; name one by timestampColumn."
              .formatted(view.name()));
    }
    NextSince found = source.nextSince(view.description().name()).minus(config.sinceMargin());
    if (found.withheld().isPresent() && config.nextSince() == NextSincePolicy.REQUIRE) {
      String text = "When the next export has to begin can't be known. ";
      throw ExportException.retryable(
          "next-since-unknown", text + found.withheld().get().message(), null);
    }
    return found;
  }
}
