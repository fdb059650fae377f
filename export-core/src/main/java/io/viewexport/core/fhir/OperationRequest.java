// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** An HTTP request, as the host's framework hands it over. */
public final class OperationRequest {
  private final String method;
  private final String path;
  private final String query;
  private final Map<String, String> headers;
  private final Optional<String> principal;
  private final Optional<String> baseUrl;
  private final byte[] body;

  private OperationRequest(Builder from) {
    method = from.method;
    path = from.path;
    query = from.query;
    headers = new TreeMap<>(from.headers);
    principal = from.principal;
    baseUrl = from.baseUrl;
    body = from.body;
  }

  /**
   * Starts a request.
   *
   * @param method such as {@code POST}
   * @param path the decoded path below the FHIR base, such as {@code
   *     /ViewDefinition/$viewdefinition-export}, without the query
   */
  public static Builder builder(String method, String path) {
    return new Builder(method, path);
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  String query() {
    return query;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  Optional<String> principal() {
    return principal;
  }

  Optional<String> baseUrl() {
    return baseUrl;
  }

  byte[] body() {
    return body;
  }

  /** Collects a request. */
  public static final class Builder {
    private final String method;
    private final String path;
    private final Map<String, String> headers = new TreeMap<>();
    private String query = "";
    private Optional<String> principal = Optional.empty();
    private Optional<String> baseUrl = Optional.empty();
    private byte[] body = {};

    private Builder(String method, String path) {
      this.method = method.toUpperCase(Locale.ROOT);
      this.path = Objects.requireNonNull(path, "path");
    }

    /** Adds a header; several of one name (case does not matter) are joined by commas. */
    public Builder header(String name, String value) {
      headers.merge(name.toLowerCase(Locale.ROOT), value, (one, other) -> one + ", " + other);
      return this;
    }

    /** The query as it came, without the question mark; may be empty. */
    public Builder query(String raw) {
      query = Objects.requireNonNull(raw, "raw");
      return this;
    }

    /** Who asks, as the host knows it; jobs belong to whoever started them. */
    public Builder principal(String id) {
      principal = Optional.of(id);
      return this;
    }

    /** The FHIR base that the client used, where the configuration does not say it. */
    public Builder baseUrl(String url) {
      baseUrl = Optional.of(url);
      return this;
    }

    /**
     * The body as it came, which must not be changed afterwards. A host that reads it need read no
     * more than one byte beyond {@link ExportOperationConfig#maxBodyBytes}.
     */
    public Builder body(byte[] bytes) {
      body = Objects.requireNonNull(bytes, "bytes");
      return this;
    }

    /** The request. */
    public OperationRequest build() {
      return new OperationRequest(this);
    }
  }
}
