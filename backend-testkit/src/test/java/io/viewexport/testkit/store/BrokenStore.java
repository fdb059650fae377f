// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.testkit.store.StoreRule.S01;
import static io.viewexport.testkit.store.StoreRule.S02;
import static io.viewexport.testkit.store.StoreRule.S03;
import static io.viewexport.testkit.store.StoreRule.S04;
import static io.viewexport.testkit.store.StoreRule.S05;
import static io.viewexport.testkit.store.StoreRule.S06;
import static io.viewexport.testkit.store.StoreRule.S07;
import static io.viewexport.testkit.store.StoreRule.S08;
import static io.viewexport.testkit.store.StoreRule.S09;
import static io.viewexport.testkit.store.StoreRule.S10;
import static io.viewexport.testkit.store.StoreRule.S11;
import static io.viewexport.testkit.store.StoreRule.S12;
import static io.viewexport.testkit.store.StoreRule.S13;
import static io.viewexport.testkit.store.StoreRule.S14;
import static io.viewexport.testkit.store.StoreRule.S15;
import static io.viewexport.testkit.store.StoreRule.S16;
import static io.viewexport.testkit.store.StoreRule.S17;
import static io.viewexport.testkit.store.StoreRule.S18;
import static io.viewexport.testkit.store.StoreRule.S19;
import static io.viewexport.testkit.store.StoreRule.S20;
import static io.viewexport.testkit.store.StoreRule.S21;
import static io.viewexport.testkit.store.StoreRule.S22;
import static io.viewexport.testkit.store.StoreRule.S23;
import static io.viewexport.testkit.store.StoreRule.S24;
import static io.viewexport.testkit.store.StoreRule.S25;
import static io.viewexport.testkit.store.StoreRule.S26;
import static io.viewexport.testkit.store.StoreRule.S27;
import static io.viewexport.testkit.store.StoreRule.S28;
import static io.viewexport.testkit.store.StoreRule.S29;
import static io.viewexport.testkit.store.StoreRule.S30;
import static io.viewexport.testkit.store.StoreRule.S31;
import static io.viewexport.testkit.store.StoreRule.S32;
import static io.viewexport.testkit.store.StoreRule.S33;
import static io.viewexport.testkit.store.StoreRule.S34;
import static io.viewexport.testkit.store.StoreRule.S35;
import static io.viewexport.testkit.store.StoreRule.S36;
import static io.viewexport.testkit.store.StoreRule.S37;
import static io.viewexport.testkit.store.StoreRule.S38;
import static io.viewexport.testkit.store.StoreRule.S39;
import static io.viewexport.testkit.store.StoreRule.S41;
import static io.viewexport.testkit.store.StoreRule.S42;
import static io.viewexport.testkit.store.StoreRule.S43;
import static io.viewexport.testkit.store.StoreRule.S44;
import static io.viewexport.testkit.store.StoreRule.S45;
import static io.viewexport.testkit.store.StoreRule.S46;
import static io.viewexport.testkit.store.StoreRule.S47;

import io.viewexport.core.store.JobStore;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/** Stores that break one rule each, and which else may show it. */
@SuppressWarnings("ImmutableEnumChecker") // what breaks a store is a constructor
enum BrokenStore {
  CREATES_TWICE(S01, BrokenJobs.CreatesTwice::new),
  STRIPS_TEXT(S02, BrokenJobs.StripsText::new),
  FORGETS_PRINCIPALS(S03, BrokenJobs.ForgetsPrincipals::new),
  LOOKS_BEFORE_IT_INSERTS(S03, BrokenJobs.LooksBeforeItInserts::new, S02),
  TAKES_THE_LATEST_PLAN(S04, BrokenJobs.TakesTheLatestPlan::new),
  KNOWS_EVERY_JOB(S05, BrokenJobs.KnowsEveryJob::new),
  OPENS_GATES_EARLY(
      S06,
      BrokenDecisions.OpensGatesEarly::new,
      S04,
      S07,
      S10,
      S16,
      S22,
      S25,
      S27,
      S30,
      S36,
      S44,
      S45),
  ENDS_LEASES_FOR_NOTHING(S07, BrokenDecisions.EndsLeasesForNothing::new),
  HIDES_LOST_LEASES(S23, BrokenDecisions.HidesLostLeases::new, S07),
  WRITES_THE_END_AGAIN(S08, BrokenJobs.WritesTheEndAgain::new),
  KEEPS_LOCAL_TIME(S09, BrokenJobs.KeepsLocalTime::new, S32, S33),
  KEEPS_CANCELS_QUIET(S10, BrokenLeases.KeepsCancelsQuiet::new, S07, S12, S39),
  FORGETS_DOUBT_THAT_WAITS(S11, BrokenDecisions.ForgetsDoubtThatWaits::new),
  SKIPS_ONLY_THE_UNSTARTED(S12, BrokenDecisions.SkipsOnlyTheUnstarted::new),
  KEEPS_THE_LAST_CAUSE_ALONE(S13, BrokenJobs.KeepsTheLastCauseAlone::new),
  CLAIMS_ONE_TOO_MANY(S14, BrokenClaims.ClaimsOneTooMany::new),
  IGNORES_KINDS(S14, BrokenClaims.IgnoresKinds::new, S34),
  SAYS_ALWAYS_FIRST(S15, BrokenClaims.SaysAlwaysFirst::new),
  GIVES_WHAT_IS_HELD(S16, BrokenClaims.GivesWhatIsHeld::new, S15, S25, S27, S28),
  LEASES_TOO_SHORT(S17, BrokenClaims.LeasesTooShort::new),
  RENEWS_FOR_A_MINUTE(S18, BrokenLeases.RenewsForAMinute::new, S22),
  SETTLES_WITHOUT_A_TOKEN(S19, BrokenLeases.SettlesWithoutAToken::new, S04, S12, S20, S22),
  RENEWS_WITHOUT_A_TOKEN(S19, BrokenLeases.RenewsWithoutAToken::new, S22),
  SAVES_WITHOUT_A_TOKEN(S19, BrokenLeases.SavesWithoutAToken::new),
  FORGETS_WHO_SETTLED(S20, BrokenLeases.ForgetsWhoSettled::new),
  LOSES_CHECKPOINTS(S21, BrokenClaims.LosesCheckpoints::new, S07),
  ADDS_PROGRESS_UP(S22, BrokenLeases.AddsProgressUp::new),
  COUNTS_THE_LOST_AS_FAILED(S23, BrokenClaims.CountsTheLostAsFailed::new, S07),
  TRUSTS_SILENT_MERGES(S24, BrokenClaims.TrustsSilentMerges::new, S07),
  IGNORES_EXCLUSION_KEYS(S25, BrokenJobs.IgnoresExclusionKeys::new),
  TAKES_THE_OLDEST_ALWAYS(S26, BrokenClaims.TakesTheOldestAlways::new),
  TAKES_THE_SMALLEST_ALWAYS(S26, BrokenClaims.TakesTheSmallestAlways::new),
  IGNORES_THE_CLUSTERS_LIMIT(S27, BrokenClaims.IgnoresTheClustersLimit::new),
  ADMITS_ONE_TOO_MANY(S28, BrokenJobs.AdmitsOneTooMany::new),
  HOLDS_NOTHING_BACK(S28, BrokenJobs.HoldsNothingBack::new, S35, S38),
  RETRIES_TOO_SOON(S29, BrokenDecisions.RetriesTooSoon::new),
  LOSES_THE_SECOND_WRITE(S30, BrokenLeases.LosesTheSecondWrite::new),
  LOCKS_IN_TWO_ORDERS(S31, BrokenLeases.LocksInTwoOrders::new, S06, S15, S16, S25, S27, S28, S30),
  IGNORES_A_FILTER(S32, BrokenLists.IgnoresAFilter::new),
  PAGES_BY_NUMBER(S33, BrokenLists.PagesByNumber::new),
  COUNTS_PLACES_FROM_ZERO(S34, BrokenLists.CountsPlacesFromZero::new),
  COUNTS_NO_LEASES(S35, BrokenLists.CountsNoLeases::new),
  PURGES_WHAT_IS_UNCLEANED(S36, BrokenLists.PurgesWhatIsUncleaned::new),
  PURGES_AT_ONCE(S36, BrokenLists.PurgesAtOnce::new),
  GIVES_DUTIES_TO_ALL(S37, BrokenLists.GivesDutiesToAll::new),
  BELIEVES_FOR_EVER(S38, BrokenLists.BelievesForEver::new),
  REMEMBERS_JOBS(S39, BrokenLists.RemembersJobs::new, S30, S47),
  OPENS_BESIDE_A_HOLDER(S41, BrokenSnapshots.OpensBesideAHolder::new),
  RENEWS_FOR_ANY_WORKER(S42, BrokenSnapshots.RenewsForAnyWorker::new),
  COUNTS_FROM_THE_LAST_RENEWAL(S42, BrokenSnapshots.CountsFromTheLastRenewal::new),
  ENDS_WHATEVER_IS_HELD(S43, BrokenSnapshots.EndsWhateverIsHeld::new, S44),
  TAKES_OLD_RECEIPTS(S44, BrokenSnapshots.TakesOldReceipts::new, S45, S46),
  RENEWS_TO_THE_END(S45, BrokenSnapshots.RenewsToTheEnd::new, S46),
  GOES_ON_SHARING(S46, BrokenSnapshots.GoesOnSharing::new),
  FORGETS_CANCELS_AT_THE_END(S47, BrokenJobs.ForgetsCancelsAtTheEnd::new);

  private final StoreRule rule;
  private final Set<StoreRule> also = EnumSet.noneOf(StoreRule.class);
  private final Break broken;

  BrokenStore(StoreRule rule, Break broken, StoreRule... also) {
    this.rule = rule;
    this.broken = broken;
    this.also.addAll(Set.of(also));
  }

  /** Breaks a store. */
  interface Break {
    JobStore of(JobStore real);
  }

  /** The rule that it breaks: at least one of its tests fails. */
  StoreRule rule() {
    return rule;
  }

  /** Rules of which a test may fail, since it needs what is broken. */
  Set<StoreRule> also() {
    return Set.copyOf(also);
  }

  /** What each server gets, on a store that is right; a cache is each server's own. */
  Supplier<JobStore> servers(JobStore real) {
    JobStore shared = broken.of(real);
    return this == REMEMBERS_JOBS ? () -> broken.of(real) : () -> shared;
  }
}
