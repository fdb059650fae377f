// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * NOT security: takes the name of {@code curl -u ann:} for who asks and checks no password. Who
 * somebody is, and what they may do, is the host's: put your own authentication here.
 */
final class DemoUser {
  private static final String BASIC = "Basic ";

  private DemoUser() {}

  /** Makes the name a servlet request's remote user, where {@link HapiExports} looks for it. */
  static Filter filter() {
    return (request, response, chain) ->
        chain.doFilter(
            new HttpServletRequestWrapper((HttpServletRequest) request) {
              @Override
              public @Nullable String getRemoteUser() {
                return of(getHeader("Authorization")).orElse(null);
              }
            },
            response);
  }

  /** The name in a header {@code Authorization}; empty where there is none. */
  static Optional<String> of(@Nullable String authorization) {
    if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      String pair = new String(bytes, StandardCharsets.UTF_8);
      String name = pair.substring(0, Math.max(pair.indexOf(':'), 0));
      return Optional.of(name).filter(text -> text.matches("[\\w.@-]{1,64}"));
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }
}
