// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import io.viewexport.deltalake.oracle.SparkError;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The privileges that a statement needs, told from its first words. */
final class SqlGrants {
  private static final Pattern COMMENT =
      Pattern.compile("^(\\s|/\\*.*?\\*/|--[^\\n]*\\n)+", Pattern.DOTALL);
  private static final String NAME = "((?:`[^`]+`|\\w+)(?:\\.(?:`[^`]+`|\\w+)){2})";
  private static final Pattern DROP =
      Pattern.compile(
          "DROP\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?" + NAME + ".*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Grants grants;

  SqlGrants(Grants grants) {
    this.grants = grants;
  }

  /** Fails a statement for which a privilege is missing. */
  void require(String principal, String sql) {
    for (Privilege privilege : needed(sql)) {
      if (!grants.has(principal, privilege)) {
        throw new StatementFailure(
            new SparkError(
                "INSUFFICIENT_PERMISSIONS",
                "42501",
                "[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have "
                    + privilege.words()
                    + ". SQLSTATE: 42501"));
      }
    }
  }

  private static Set<Privilege> needed(String sql) {
    String[] words = stripped(sql).toUpperCase(Locale.ROOT).split("\\s+", 2);
    return switch (words[0]) {
      case "MERGE", "INSERT", "UPDATE", "DELETE" -> EnumSet.of(Privilege.MODIFY, Privilege.SELECT);
      case "ALTER", "OPTIMIZE" -> EnumSet.of(Privilege.MODIFY);
      case "SELECT", "WITH", "DESCRIBE" ->
          words[0].equals("SELECT") && words.length > 1 && !words[1].contains("FROM")
              ? EnumSet.noneOf(Privilege.class)
              : EnumSet.of(Privilege.SELECT);
      case "CREATE" ->
          words.length > 1 && words[1].contains("LOCATION")
              ? EnumSet.of(Privilege.CREATE_TABLE, Privilege.CREATE_EXTERNAL_TABLE)
              : EnumSet.of(Privilege.CREATE_TABLE);
      default -> EnumSet.noneOf(Privilege.class);
    };
  }

  /** The table that a statement drops, where it does. */
  static Optional<TableName> dropped(String sql) {
    Matcher drop = DROP.matcher(stripped(sql));
    return drop.matches()
        ? Optional.of(TableName.parse(drop.group(1).replace("`", "")))
        : Optional.empty();
  }

  private static String stripped(String sql) {
    return COMMENT.matcher(sql).replaceFirst("");
  }
}
