// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.util.List;
import java.util.Objects;

/** Every state that a job ever was in, noted by the database itself. */
final class StateHistory {
  private StateHistory() {}

  static void install() {
    SourceDatabase.execute(
        "drop table if exists public.state_history",
        "create table public.state_history"
            + " (n bigint generated always as identity, job_id text, state text)",
        """
        create or replace function public.note_state() returns trigger language plpgsql as $$
        begin
          if tg_op = 'INSERT' or old.state <> new.state then
            insert into public.state_history (job_id, state) values (new.id, new.state);
          end if;
          return null;
        end $$
        """,
        "create or replace trigger note_state after insert or update on viewexport.job"
            + " for each row execute function public.note_state()");
  }

  static List<JobState> of(JobId job) {
    return SourceDatabase.query(
            "select state from public.state_history where job_id = '" + job + "' order by n")
        .stream()
        .map(row -> JobState.valueOf(Objects.requireNonNull(row.get(0))))
        .toList();
  }
}
