// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import java.time.Instant;

/**
 * A call that reached the workspace.
 *
 * @param path without its query
 * @param principal who called; empty text where no token said so
 * @param status what was answered; 0 where the answer was dropped
 * @param at by the workspace's clock
 */
public record Call(String method, String path, String principal, int status, Instant at) {}
