// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import java.util.Objects;

/**
 * The client id and secret of a service principal, for OAuth machine-to-machine. The host hands
 * them over by a {@code Supplier}, asked at each new token, so that a secret can be changed while
 * the server runs. Neither is ever printed, but that a {@link WorkspaceDoctor} names the id in the
 * grants it advises.
 */
public final class ClientCredentials {
  private final String clientId;
  private final String clientSecret;

  private ClientCredentials(String clientId, String clientSecret) {
    this.clientId = clientId;
    this.clientSecret = clientSecret;
  }

  /**
   * The credentials of a service principal.
   *
   * @throws IllegalArgumentException where one is blank, or the id holds a colon, which OAuth's
   *     Basic authentication can't carry
   */
  public static ClientCredentials of(String clientId, String clientSecret) {
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(clientSecret, "clientSecret");
    if (clientId.isBlank() || clientSecret.isBlank()) {
      throw new IllegalArgumentException("client id and secret must not be blank");
    }
    if (clientId.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a client id has no colon");
    }
    return new ClientCredentials(clientId, clientSecret);
  }

  /** The client id. */
  public String clientId() {
    return clientId;
  }

  /** The secret. */
  public String clientSecret() {
    return clientSecret;
  }

  /** Neither of the two. */
  @Override
  public String toString() {
    return "ClientCredentials[hidden]";
  }
}
