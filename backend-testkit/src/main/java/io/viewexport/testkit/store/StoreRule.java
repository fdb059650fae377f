// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.Experimental;
import io.viewexport.testkit.ContractRule;
import io.viewexport.testkit.RuleLevel;
import java.lang.reflect.Method;
import java.util.Locale;

/**
 * The rules of {@link JobStoreContract}: what any {@link io.viewexport.core.store.JobStore} does.
 * The tests of a rule begin with its name, such as {@code
 * s19_aLeaseThatWasTakenOverChangesNothing}; where one fails, its message has the rule's text and
 * where to look.
 *
 * <p>{@code MUST}: exports are lost, doubled or never end without it. {@code SHOULD}: they go on,
 * but clients or operators see something wrong.
 */
@Experimental
public enum StoreRule implements ContractRule {
  // Jobs
  /** A job is stored with all its tasks at once, and once. */
  S01(
      RuleLevel.MUST,
      "A job is stored with all its tasks at once; creating it again, from any server, stores"
          + " nothing.",
      "create: one transaction for the job, its views and its tasks; a unique id"),
  /** What was stored comes back as it was. */
  S02(
      RuleLevel.MUST,
      "Requests, plans, receipts, checkpoints and causes come back as they were stored, whatever is"
          + " in their texts.",
      "how values are written and read: character sets, quoting, empty against absent, long texts"),
  /** One unfinished job per principal and idempotency key. */
  S03(
      RuleLevel.MUST,
      "Among unfinished jobs a principal and an idempotency key name one, also when many ask at"
          + " once.",
      "create: a unique index over principal (absent is one, too) and key of unfinished jobs, not a"
          + " look before the insert"),
  /** A plan is stored once. */
  S04(
      RuleLevel.MUST,
      "A plan is stored once: slices, views and exclusion keys never change, whoever plans again.",
      "settle with a plan: only under the lease of the PLAN task, in the transaction that ends it"),
  /** An unknown job is nowhere. */
  S05(
      RuleLevel.MUST,
      "Calls about a job that is not there, or not any more, change nothing and say so.",
      "find, load, update, settle, renew, saveCheckpoint, receipts, endedViews of an unknown id"),
  // States
  /** The next stage opens when the last task of one is done. */
  S06(
      RuleLevel.MUST,
      "A stage opens exactly when no task of the stage before is unfinished, in the transaction"
          + " that finished the last.",
      "settle: the counters and the gate under the job's lock; ask the decision's advance until it"
          + " answers NONE"),
  /** Decisions see the truth, and what they say is written. */
  S07(
      RuleLevel.MUST,
      "A decision is given the job's and the task's true figures, and all that it says is written;"
          + " where it says that nothing changes, the lease goes on.",
      "settle and update: each field of JobSnapshot and TaskSnapshot, each part of Transition"),
  /** A final state is final. */
  S08(
      RuleLevel.MUST,
      "A job in a final state stays in it, with its times.",
      "update and settle after the end; state, endedAt and failure are written once"),
  /** Times are the store's and don't drift. */
  S09(
      RuleLevel.MUST,
      "Times are the store's clock, in the order of events, and the same from every server,"
          + " whatever its time zone.",
      "createdAt, startedAt, endedAt: stored as instants, never as local time"),
  /** A cancel ends what has not begun, and is told to what runs. */
  S10(
      RuleLevel.MUST,
      "After a cancel nothing begins but what brings the job to its end; running work is told by"
          + " its next renewal; other jobs go on.",
      "update: Skip.UNSTARTED; renew: JOB_ENDING; claim: the stop cause"),
  /** A merge in doubt survives a cancel. */
  S11(
      RuleLevel.MUST,
      "A merge in doubt is not skipped by a cancel or a failure: it becomes due at once.",
      "Skip.UNSTARTED: leave out FINALIZE in doubt, set their due time to now"),
  /** A job that nobody serves ends. */
  S12(
      RuleLevel.MUST,
      "Skip.UNHELD ends all that nobody holds by a lease that lasts, voids leases that ran out, and"
          + " calls a merge that may have begun unknown.",
      "update with JobEvent.Unserved: the token of what was expired grows"),
  /** Failures are counted and their causes kept. */
  S13(
      RuleLevel.MUST,
      "Failed attempts are counted; the first and the last cause are kept, and become the job's.",
      "settle with a failure: first only where there is none; ExportJob.failure, cleanupFailure"),
  // Claims and leases
  /** A claim gives what is due, of the kinds asked for, and no more than asked for. */
  S14(
      RuleLevel.MUST,
      "A claim gives tasks that are due, of the kinds asked for, as many as there are up to the"
          + " limit and never more.",
      "claim: kinds, due time, limit over all kinds and over expired, merging and other tasks"
          + " together"),
  /** The first claim of a job begins it. */
  S15(
      RuleLevel.MUST,
      "The first claim moves the job to IN_PROGRESS; exactly one claimed task says startsJob.",
      "claim: move the job and look at whether this call moved it"),
  /** A task has one holder. */
  S16(
      RuleLevel.MUST,
      "A task is leased to one worker at a time, with a token one larger each time.",
      "claim: lock what is picked (SKIP LOCKED), and check its state in the statement that leases"
          + " it"),
  /** A lease lasts until the store's clock has passed its end. */
  S17(
      RuleLevel.MUST,
      "A lease can be taken over once its time has passed by the store's clock, not before, and"
          + " then by anybody.",
      "claim: lease_until against the store's now; no clock of a server"),
  /** A renewal lasts as long as it says. */
  S18(
      RuleLevel.MUST,
      "A renewal prolongs each lease that is held, expired or not, to the time asked for from now.",
      "renew: now + lease, not the old end + lease, not a constant; an answer for each lease"),
  /** A fencing token that was overtaken is good for nothing. */
  S19(
      RuleLevel.MUST,
      "A lease that was taken over changes nothing: it settles, renews and saves no more.",
      "settle, renew, saveCheckpoint: token and worker are compared in the statement that writes"),
  /** A settlement can be repeated. */
  S20(
      RuleLevel.MUST,
      "Settling again with a lease that one ended answers true and changes nothing.",
      "settle: where the lease is not held, whether it was this one that ended it"),
  /** A checkpoint is for the next attempt. */
  S21(
      RuleLevel.MUST,
      "A checkpoint is there for the next attempt, after a failure or a lost lease, on any server.",
      "saveCheckpoint, claim: the last one that was saved or settled with"),
  /** Figures belong to the attempt. */
  S22(
      RuleLevel.MUST,
      "Progress is that of the attempt under way, not of all added up; rows and bytes of a chunk"
          + " that is done are those of the attempt that won.",
      "renew: replace; claim: set to zero; receipts and endedViews: the winner's token"),
  /** Failures, lost leases and releases are different things. */
  S23(
      RuleLevel.MUST,
      "Failed attempts and lost leases are counted apart; a lease handed back counts as neither.",
      "claim of an expired lease: lostLeases of the task and of the job; settle with Released:"
          + " none"),
  /** A merge whose worker fell silent is in doubt. */
  S24(
      RuleLevel.MUST,
      "A merge whose lease ran out is in doubt from then on.",
      "claim of an expired FINALIZE: inDoubt, in the claimed task and in later decisions"),
  /** One merge of a target at a time. */
  S25(
      RuleLevel.MUST,
      "Of one exclusion key never two merges are begun and not at their end, nor given by one"
          + " claim.",
      "claim of FINALIZE: one at a time (a lock), and against READY ones that were begun before"),
  /** Every job has its share. */
  S26(
      RuleLevel.MUST,
      "A job gets a task within as many claims as there are jobs with due tasks; none starves.",
      "claim: an order between jobs, not between tasks alone"),
  /** The cluster's limit. */
  S27(
      RuleLevel.MUST,
      "No claim brings the number of leased tasks over the limit that it names; expired ones are"
          + " taken over in their own place.",
      "claim with clusterLimit: count and lease under one lock"),
  /** Held back jobs begin within the limit per principal. */
  S28(
      RuleLevel.MUST,
      "A job that is held back begins by admit alone, the oldest first, within the limit for its"
          + " principal, also when many admit at once.",
      "admit: count and let begin under one lock; no principal is one, too"),
  /** A retry waits. */
  S29(
      RuleLevel.MUST,
      "A task is not due before the delay that the decision names has passed by the store's clock.",
      "settle: due = now + delay"),
  /** Races have one end. */
  S30(
      RuleLevel.MUST,
      "A cancel that races with a success, and any other two events, leave one final state that all"
          + " the job's figures agree with.",
      "settle and update: read, decide and write under the job's lock"),
  /** Nobody waits for each other for ever. */
  S31(
      RuleLevel.MUST,
      "Claims, settlements, renewals, cancels and purges at the same time come to an end without an"
          + " exception.",
      "the order in which jobs and tasks are locked; deadlocks are for the store to try again"),
  // Lists and figures
  /** Jobs are listed newest first. */
  S32(
      RuleLevel.MUST,
      "A list is newest first, and has the jobs that the filter's parts all want.",
      "list: each part of JobFilter; createdFrom is inclusive, createdBefore is not"),
  /** Pages fit together. */
  S33(
      RuleLevel.MUST,
      "Pages that follow each other have each job once, also when jobs come and go in between.",
      "list: the order is total (time, then id), and after is a place in it, not a count"),
  /** A waiting job has a place. */
  S34(
      RuleLevel.SHOULD,
      "A job that nobody has taken up has its place in the order of arrival, others have none.",
      "find and list: ExportJob.queuePosition counts ACCEPTED jobs, from 1"),
  /** Figures of the whole. */
  S35(
      RuleLevel.SHOULD,
      "The figures of the queue are those of the moment.",
      "stats: due, leased, unfinished and held back; ages by the store's clock"),
  // The cluster
  /** Purge removes what is long over, and nothing else. */
  S36(
      RuleLevel.MUST,
      "Purge removes jobs that are final and cleaned up for longer than the retention, oldest"
          + " first, as many as it may; never one that runs, or has its clean-up before it.",
      "purge: the time of the end of the clean-up, not of creation; tasks go with the job"),
  /** A duty is one server's. */
  S37(
      RuleLevel.MUST,
      "A duty is one worker's until its time has passed; who has it may take it again.",
      "takeDuty: one conditional statement"),
  /** Kinds that are served. */
  S38(
      RuleLevel.MUST,
      "Unserved are unfinished, admitted jobs of kinds that no server alive announced and nobody"
          + " holds a task of.",
      "announce, unserved: a later announcement replaces the worker's last; zero ends it"),
  /** All servers see one state. */
  S39(
      RuleLevel.MUST,
      "What one server did is seen by the next call of every other.",
      "no caches of states; a call returns after its commit"),
  /** Whatever happens in whatever order. */
  S40(
      RuleLevel.MUST,
      "Whatever several servers do in whatever order: each task has one winner, tokens have no gap,"
          + " figures add up, jobs end once.",
      "the message names the seed; look at the other rules first"),
  // Shared snapshots
  /** A job's snapshot has one holder. */
  S41(
      RuleLevel.MUST,
      "A job's shared snapshot has one holder, also when many open one at once; another follows only"
          + " once its lease has run out or it was ended.",
      "snapshots().open: under the job's lock, against the store's clock"),
  /** A renewal is the holder's. */
  S42(
      RuleLevel.MUST,
      "Only its holder renews a snapshot, for as long as it says from now, and is told for how long"
          + " it has been held since it was opened.",
      "snapshots().renew: worker and generation are compared; the time since open, not since the"
          + " last renewal: the limit on holding rests on it"),
  /** Generations grow, and an old one is good for nothing. */
  S43(
      RuleLevel.MUST,
      "A snapshot's generation is one larger than the last one's; whoever names an older one renews,"
          + " ends and falls back nothing.",
      "snapshots().open, renew, end, fallBack: the generation in the statement that writes"),
  /** Only receipts of the newest snapshot count. */
  S44(
      RuleLevel.MUST,
      "A new snapshot voids the receipts of those before it: these chunks are due again, and a chunk"
          + " that was read under an older one is due again when it ends.",
      "snapshots().open: receipts, rows and the counter of open chunks, in the transaction that"
          + " makes it the newest; settle: JobSnapshot.snapshotGeneration"),
  /** Snapshots are for the chunks of jobs that go on. */
  S45(
      RuleLevel.MUST,
      "A snapshot is opened and renewed only while chunks of a job that goes on are left.",
      "snapshots().open and renew: the job's stage, stop cause and open chunks"),
  /** Who falls back keeps what is done. */
  S46(
      RuleLevel.MUST,
      "A job that falls back keeps its receipts, reads what is left chunk by chunk, and says so.",
      "snapshots().fallBack: generation 0 and the job's mode; receipts stay"),
  /** A cancel is remembered. */
  S47(
      RuleLevel.SHOULD,
      "A job says for good that it was asked to end before it did, whatever became of it; no other"
          + " job says so.",
      "find and list: ExportJob.cancelRequested, from the stop cause, which an end does not clear");

  private final RuleLevel level;
  private final String text;
  private final String lookAt;

  StoreRule(RuleLevel level, String text, String lookAt) {
    this.level = level;
    this.text = text;
    this.lookAt = lookAt;
  }

  @Override
  public RuleLevel level() {
    return level;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public String lookAt() {
    return lookAt;
  }

  /** The rule of a test, by the test's name. */
  static StoreRule of(Method test) {
    return valueOf(test.getName().substring(0, 3).toUpperCase(Locale.ROOT));
  }
}
