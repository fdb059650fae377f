// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Names a command, so that the same one finds its unfinished job again. */
final class IdempotencyKey {

  private IdempotencyKey() {}

  /**
   * The key: a hash of what is exported, where to and how; nothing of the database's address or
   * password is in it.
   *
   * @return 64 hexadecimal digits
   */
  static String of(Arguments arguments) {
    MessageDigest digest = sha256();
    add(digest, "view", List.of(arguments.view().schema(), arguments.view().name()));
    add(digest, "target", List.of(arguments.target().toString()));
    add(digest, "chunks", List.of(Integer.toString(arguments.chunks())));
    add(digest, "key", arguments.key());
    add(digest, "timestamp", arguments.timestamp().stream().toList());
    add(digest, "mode", List.of(arguments.effectiveMode().code()));
    add(digest, "since", arguments.since().stream().map(Object::toString).toList());
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Each value with its length before it: no two lists of values make the same bytes. */
  private static void add(MessageDigest digest, String name, List<String> values) {
    digest.update((name + ' ' + values.size() + '\n').getBytes(StandardCharsets.UTF_8));
    for (String value : values) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
