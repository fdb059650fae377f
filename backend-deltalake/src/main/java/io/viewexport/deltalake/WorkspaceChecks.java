// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.job.JobId;
import io.viewexport.deltalake.internal.merge.SqlStatement;
import io.viewexport.deltalake.internal.warehouse.SqlWarehouse;
import io.viewexport.deltalake.internal.warehouse.StatementRun;
import io.viewexport.deltalake.internal.warehouse.WarehouseInfo;
import io.viewexport.deltalake.internal.workspace.HttpWorkspace;
import io.viewexport.deltalake.internal.workspace.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether the workspace lets one in, and its warehouse runs statements. */
final class WorkspaceChecks {
  private static final Duration MOST_SKEW = Duration.ofMinutes(5);
  private static final Pattern STATE = Pattern.compile("[A-Z_]{1,40}");

  private final HttpWorkspace api;
  private final Pause pause;
  private final SqlWarehouse warehouse;
  private final StatementRun statements;
  private final DoctorSubject subject;
  private final JobId id = JobId.random();
  private Optional<Duration> skew = Optional.empty();
  private String state = "";

  WorkspaceChecks(HttpWorkspace api, Pause pause, LakeWorkspace lake, DoctorSubject subject) {
    this.api = api;
    this.pause = pause;
    this.subject = subject;
    warehouse = lake.warehouse(subject.warehouse());
    statements =
        new StatementRun(
            warehouse,
            lake.config().warehouseSettings(),
            time -> pause.pause(time, Examination.NEVER));
  }

  DoctorFinding workspace() {
    Instant before = pause.now();
    Optional<Instant> theirs = api.askTime(Examination.NEVER);
    Instant middle = before.plus(Duration.between(before, pause.now()).dividedBy(2));
    skew = theirs.map(time -> Duration.between(time, middle).abs());
    return DoctorFinding.ok(DoctorCheck.WORKSPACE, api + " answers.");
  }

  DoctorFinding clock() {
    if (skew.isEmpty()) {
      return DoctorFinding.skipped(
          DoctorCheck.CLOCK, "Not checked: the answer does not tell the time.");
    }
    String difference =
        "This server's clock and the workspace's differ by " + skew.get().toSeconds() + " s.";
    return skew.get().compareTo(MOST_SKEW) > 0
        ? DoctorFinding.warned(
            DoctorCheck.CLOCK,
            "clock-skewed",
            difference,
            "Set this server's clock by NTP: S3 refuses requests from 15 minutes on.",
            List.of())
        : DoctorFinding.ok(DoctorCheck.CLOCK, difference);
  }

  DoctorFinding token() {
    api.signIn(Examination.NEVER);
    return DoctorFinding.ok(DoctorCheck.TOKEN, "The service principal is let in.");
  }

  DoctorFinding warehouse() {
    WarehouseInfo info = warehouse.info(Examination.NEVER);
    state = STATE.matcher(info.state()).matches() ? info.state() : "in a state not known";
    return DoctorFinding.ok(
        DoctorCheck.WAREHOUSE, "Warehouse " + warehouse.id() + " is there: " + state + ".");
  }

  DoctorFinding warehouseStart() {
    long start = pause.nanoTime();
    run("SELECT 1", "No statement run");
    long seconds = Duration.ofNanos(pause.nanoTime() - start).toSeconds();
    return DoctorFinding.ok(
        DoctorCheck.WAREHOUSE_START,
        state.equals("RUNNING")
            ? "It runs statements."
            : "It started and ran a statement after " + seconds + " s.");
  }

  DoctorFinding select() {
    run("SELECT 1 FROM " + subject.target().sql() + " WHERE false", "Target not read");
    return DoctorFinding.ok(
        DoctorCheck.TARGET_SELECT, "The warehouse reads " + subject.target() + ".");
  }

  /** Deletes the rows that are none: where there is nothing to change, Delta makes no commit. */
  DoctorFinding modify() {
    run("DELETE FROM " + subject.target().sql() + " WHERE false", "Target not changed");
    return DoctorFinding.ok(
        DoctorCheck.TARGET_MODIFY,
        "The warehouse may change " + subject.target() + "; nothing was changed.");
  }

  private void run(String sql, String doing) {
    var purpose = new StatementRun.Purpose(doing, subject.target(), 0);
    statements.probe(SqlStatement.of(sql), purpose, id, Examination.NEVER);
  }
}
