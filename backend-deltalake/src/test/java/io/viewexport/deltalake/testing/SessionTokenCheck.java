// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gaul.shaded.org.eclipse.jetty.io.Content;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Refuses a vended key that comes without its session token, or with another's. */
final class SessionTokenCheck extends Handler.Wrapper {
  private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/]+)/");

  private final S3Keys keys;

  SessionTokenCheck(Handler s3, S3Keys keys) {
    super(s3);
    this.keys = keys;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String given = request.getHeaders().get("x-amz-security-token");
    Optional<String> expected =
        accessKeyId(request.getHeaders().get("Authorization")).flatMap(keys::sessionToken);
    if (expected.isEmpty() || expected.get().equals(given)) {
      return super.handle(request, response, callback);
    }
    response.setStatus(given == null ? 403 : 400);
    response.getHeaders().put("Content-Type", "application/xml");
    String code = given == null ? "InvalidAccessKeyId" : "InvalidToken";
    Content.Sink.write(response, true, "<Error><Code>" + code + "</Code></Error>", callback);
    return true;
  }

  private static Optional<String> accessKeyId(@Nullable String authorization) {
    Matcher credential = CREDENTIAL.matcher(authorization == null ? "" : authorization);
    return credential.find() ? Optional.of(credential.group(1)) : Optional.empty();
  }
}
