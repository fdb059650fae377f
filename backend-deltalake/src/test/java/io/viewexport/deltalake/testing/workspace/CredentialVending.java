// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.deltalake.testing.S3Access;
import io.viewexport.deltalake.testing.S3Key;
import io.viewexport.deltalake.testing.S3Server;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives out keys of the S3 for tables and for paths. Safe for use by many threads. */
public final class CredentialVending {
  private static final String API = "/api/2\\.[01]/unity-catalog/temporary-";

  private final S3Server s3;
  private final UnityCatalog catalog;
  private final Grants grants;
  private final List<S3Key> vended = new CopyOnWriteArrayList<>();
  private volatile Duration lifetime = Duration.ofHours(1);
  private volatile Duration toldLonger = Duration.ZERO;
  private volatile boolean openToOutside = true;

  CredentialVending(S3Server s3, UnityCatalog catalog, Grants grants) {
    this.s3 = s3;
    this.catalog = catalog;
    this.grants = grants;
  }

  /** Lets keys live so long from now on. */
  public void setLifetime(Duration lifetime) {
    this.lifetime = lifetime;
  }

  /** Says of keys from now on that they live so much longer than they do. */
  public void tellLongerBy(Duration time) {
    toldLonger = time;
  }

  /** Turns the metastore's switch for access from outside off. */
  public void closeToOutside() {
    openToOutside = false;
  }

  /** Turns it on again. */
  public void openToOutside() {
    openToOutside = true;
  }

  /** The keys given out so far. */
  public List<S3Key> vended() {
    return List.copyOf(vended);
  }

  /** Makes all of them unknown to the S3. */
  public void revokeAll() {
    vended.forEach(s3::revoke);
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.bearer("POST", API + "table-credentials", this::forTable),
        Endpoint.bearer("POST", API + "path-credentials", this::forPath));
  }

  private ApiAnswer forTable(ApiRequest request) {
    String id = request.field("table_id");
    S3Access access =
        switch (request.field("operation")) {
          case "READ" -> S3Access.READ;
          case "READ_WRITE" -> S3Access.READ_WRITE;
          default -> throw ApiError.invalid("Unknown operation.").exception();
        };
    requireOpen();
    UnityCatalog.Registered table =
        catalog
            .registered(id)
            .orElseThrow(
                () -> ApiError.notFound("TABLE_DOES_NOT_EXIST", "Table '" + id + "'").exception());
    grants.require(
        request.principal(), Privilege.EXTERNAL_USE_SCHEMA, "Schema", table.name().schemaName());
    return vend(table.url(), access);
  }

  private ApiAnswer forPath(ApiRequest request) {
    String url = request.field("url").replaceFirst("^s3a:", "s3:");
    String operation = request.field("operation");
    S3Access access =
        switch (operation) {
          case "PATH_READ" -> S3Access.READ;
          case "PATH_READ_WRITE", "PATH_CREATE_TABLE" -> S3Access.READ_WRITE;
          default -> throw ApiError.invalid("Unknown operation.").exception();
        };
    requireOpen();
    catalog.requirePlace(url);
    grants.require(request.principal(), Privilege.EXTERNAL_USE_LOCATION, "External Location", url);
    if (operation.equals("PATH_CREATE_TABLE")) {
      grants.require(
          request.principal(), Privilege.CREATE_EXTERNAL_TABLE, "External Location", url);
    }
    if (request.body().path("dry_run").asBoolean()) {
      return ApiAnswer.ok(ApiRequest.JSON.createObjectNode());
    }
    return vend(url, access);
  }

  private void requireOpen() {
    if (!openToOutside) {
      throw ApiError.externalAccessDisabled().exception();
    }
  }

  private ApiAnswer vend(String url, S3Access access) {
    S3Key key = s3.vend(SparkCatalog.key(url), lifetime, access);
    vended.add(key);
    ObjectNode body = ApiRequest.JSON.createObjectNode();
    body.putObject("aws_temp_credentials")
        .put("access_key_id", key.accessKeyId())
        .put("secret_access_key", key.secretAccessKey())
        .put("session_token", key.sessionToken());
    body.put("expiration_time", key.expiration().plus(toldLonger).toEpochMilli()).put("url", url);
    return ApiAnswer.ok(body);
  }
}
