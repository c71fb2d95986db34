//! When a request that looks like an earlier one is the same request, and when it isn't.
//!
//! Every case is tried under every behaviour of Stripe's that it could depend on.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use portal_reconciler::apply::StepResult;
use portal_reconciler::emulator::{Emulator, Fault as Emulated, Mishap, Quirks, Seed};
use portal_reconciler::model::AccountId;
use portal_reconciler::plan::{Action, Blocker};
use portal_reconciler::stripe::{Effect, Marker, Writer};
use serde_json::{Value as Json, json};

use crate::crash::case::{Case, Stage};
use crate::crash::fault::Fault;
use crate::crash::network::{Network, Reach};
use crate::crash::run::{Run, run, run_both, run_well};
use crate::crash::scenes::{cancelling, default, role, roles, scene, selling};
use crate::support::connection_with;

/// Two reads come first: the account, and its configurations.
const FIRST_WRITE: usize = 2;

/// The behaviours that nobody has written down and that keys, replays and refusals depend on.
fn settings() -> Vec<Quirks> {
    let names = [
        "list_delay=2",
        "refusals_are_not_saved",
        "idempotency_keys_span_accounts",
        "unrecorded_refusals_are_worded_otherwise",
        "no_op_keeps_updated",
    ];
    let flipped = names.map(|name| {
        let mut quirks = Quirks::default();
        quirks.set(name).unwrap();
        quirks
    });
    [Quirks::default()].into_iter().chain(flipped).collect()
}

/// Files over an account that has nothing but prices.
fn files<const N: usize>(files: [(&str, Json); N]) -> Case {
    scene("files", |project| project.write(&roles(files)))
}

/// Runs, and once lists show everything, runs again, which must find nothing to do.
#[track_caller]
fn apply(case: &Case, stage: &Arc<Stage>) -> Run {
    let run = run_well(case, stage);
    assert!(run.report.as_ref().is_none_or(|report| report.is_complete()), "{:?}", run.report);
    settle(case, stage);
    run
}

#[track_caller]
fn settle(case: &Case, stage: &Arc<Stage>) {
    stage.clock.pass(10);
    let again = run_well(case, stage);
    let left = again.plan.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

fn cancels_in(configuration: &Json) -> bool {
    configuration["features"]["subscription_cancel"]["enabled"] == true
}

fn ids(stage: &Stage) -> Vec<String> {
    let all = stage.emulator.configurations(false);
    all.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

/// The keys of all writes so far, in order, without what was tried again.
fn keys(stage: &Stage) -> Vec<Option<String>> {
    let mut keys: Vec<_> = stage.emulator.exchanges();
    keys.retain(|exchange| exchange.method != "GET");
    let mut keys: Vec<_> = keys.into_iter().map(|exchange| exchange.idempotency_key).collect();
    keys.dedup();
    keys
}

fn result(run: &Run, role: &str) -> StepResult {
    let outcomes = &run.report.as_ref().unwrap().outcomes;
    outcomes.iter().find(|it| it.role.as_str() == role).unwrap().result.clone()
}

#[test]
fn the_key_of_a_create_depends_on_what_is_created_and_on_nothing_else() {
    let keys_of = |case: &Case| {
        let stage = case.stage(Quirks::default());
        apply(case, &stage);
        keys(&stage)
    };
    let (one, same) = (files([("a", default(role()))]), files([("a", default(role()))]));
    assert_eq!(keys_of(&one), keys_of(&same), "on another machine, on another day");
    let others = [
        files([("a", default(cancelling()))]),
        files([("b", default(role()))]),
        files([("a", default(selling(&["a_month"])))]),
    ];
    let all: Vec<_> = others.iter().chain([&one]).flat_map(keys_of).collect();
    assert!(all.iter().all(Option::is_some), "{all:?}");
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 4, "{all:?}");
}

#[test]
fn content_that_is_put_back_within_a_day_is_written_again() {
    let (first, second) = (files([("a", default(role()))]), files([("a", default(cancelling()))]));
    for quirks in settings() {
        let stage = first.stage(quirks);
        apply(&first, &stage);
        for (case, cancels) in [(&second, true), (&first, false), (&second, true), (&first, false)]
        {
            apply(case, &stage);
            let all = stage.emulator.configurations(false);
            assert_eq!((all.len(), cancels_in(&all[0])), (1, cancels));
        }
        assert_eq!(keys(&stage)[1..], [None], "an update has no key");
    }
}

#[test]
fn a_role_that_is_removed_and_returned_gets_its_own_configuration_back() {
    let both = files([("a", default(role())), ("b", role())]);
    let (one, changed) =
        (files([("a", default(role()))]), files([("a", default(role())), ("b", cancelling())]));
    for quirks in settings() {
        for returned in [&both, &changed] {
            let stage = both.stage(quirks.clone());
            apply(&both, &stage);
            let before = ids(&stage);
            apply(&one, &stage);
            apply(returned, &stage);
            assert_eq!(ids(&stage), before);
        }
    }
}

#[test]
fn a_role_that_is_returned_on_another_machine_and_was_deactivated_meanwhile_is_reactivated() {
    let both = files([("a", default(role())), ("b", role())]);
    let one = files([("a", default(role()))]);
    for quirks in settings() {
        let stage = both.stage(quirks);
        apply(&both, &stage);
        let before = ids(&stage);
        apply(&one, &stage);
        stage.emulator.dashboard(false).edit(&before[1], "active=false").unwrap();
        let run = apply(&both, &stage.elsewhere());
        let action = &run.plan.unwrap().roles[1].action;
        assert!(matches!(action, Action::Reactivate(id) if id.as_str() == before[1]), "{action:?}");
        assert_eq!(ids(&stage), before);
    }
}

#[test]
fn a_saved_failure_is_told_once_and_gone_round_by_the_next_run() {
    let case = files([("a", default(role()))]);
    for quirks in settings() {
        let stage = case.stage(quirks);
        stage.emulator.inject(Emulated::new(Mishap::Saved500).method(http::Method::POST));
        let failed = result(&run_well(&case, &stage), "a");
        let StepResult::Failed(error) = failed else { panic!("{failed:?}") };
        assert_eq!((error.effect, ids(&stage).len()), (Effect::Unknown, 0));
        apply(&case, &stage);
        assert_eq!(ids(&stage).len(), 1);
        // The failure is still what the first key stands for.
        apply(&case, &stage.elsewhere());
        assert_eq!(ids(&stage).len(), 1);
    }
}

/// The answer of the first day says that it failed, and the list doesn't show yet that it didn't.
#[test]
fn a_saved_failure_that_came_too_late_to_prevent_anything_makes_no_second_configuration() {
    let case = files([("a", default(role())), ("b", role())]);
    for quirks in settings() {
        let stage = case.stage(quirks);
        let fault = Some((Fault::Saved500Acted, Reach::Once(FIRST_WRITE)));
        let failed = result(&run(&case, &stage, Network::new(&stage, fault)), "a");
        let StepResult::Failed(error) = failed else { panic!("{failed:?}") };
        assert_eq!((error.effect, ids(&stage).len()), (Effect::Unknown, 1));
        run_well(&case, &stage);
        stage.clock.pass(10);
        apply(&case, &stage);
        assert_eq!(ids(&stage).len(), 2);
    }
}

#[test]
fn a_refusal_is_repeated_until_its_cause_is_gone_and_not_longer() {
    let case = files([("a", default(selling(&["a_month"])))]);
    for quirks in settings() {
        let stage = case.stage(quirks);
        let sell = |active: bool| {
            let request = http::Request::post("/v1/products/prod_a");
            let request = request.header("authorization", "Bearer sk_test_1");
            let body = format!("active={active}").into_bytes();
            assert_eq!(stage.emulator.handle(request.body(body).unwrap()).status(), 200);
        };
        sell(false);
        for _ in 0..3 {
            let refused = result(&run_well(&case, &stage), "a");
            let StepResult::Failed(error) = refused else { panic!("{refused:?}") };
            assert_eq!(error.effect, Effect::None);
        }
        sell(true);
        apply(&case, &stage);
        assert_eq!(ids(&stage).len(), 1);
    }
}

/// A key replays what was told when it was used first, and what it told of may be otherwise now.
#[test]
fn a_key_that_replays_a_configuration_that_was_deactivated_since_does_not_hide_that() {
    let case = files([("a", default(role())), ("b", role())]);
    for quirks in settings() {
        let stage = case.stage(Quirks { list_delay: 2, ..quirks });
        assert!(run_well(&case, &stage).report.unwrap().is_complete());
        let before = ids(&stage);
        stage.emulator.dashboard(false).edit(&before[1], "active=false").unwrap();
        // Lists don't show it yet to the other machine, which takes it for new.
        let elsewhere = stage.elsewhere();
        let replayed = run_well(&case, &elsewhere);
        assert!(matches!(result(&replayed, "b"), StepResult::Done(id) if id.as_str() == before[1]));
        assert!(!replayed.is_converged(), "the look afterwards");
        stage.clock.pass(10);
        let run = apply(&case, &elsewhere);
        assert!(matches!(run.plan.unwrap().roles[1].action, Action::Reactivate(_)));
        assert_eq!(ids(&stage), before);
    }
}

#[test]
fn a_key_is_forgotten_after_a_day_and_what_it_made_is_not() {
    let case = files([("a", default(role())), ("b", role())]);
    for quirks in settings() {
        let stage = case.stage(quirks);
        let lost = Emulated::new(Mishap::LostAnswer).method(http::Method::POST).times(100);
        stage.emulator.inject(lost);
        run_well(&case, &stage);
        stage.emulator.clear_faults();
        assert_eq!(ids(&stage).len(), 1);
        stage.wait_for_days();
        apply(&case, &stage);
        assert_eq!(ids(&stage).len(), 2);
    }
}

#[test]
fn two_machines_at_once_create_one_configuration_a_role() {
    let case = files([("a", default(role())), ("b", role()), ("c", selling(&["a_year"]))]);
    for quirks in settings() {
        for milliseconds in [0, 300, 5_000] {
            let stage = case.stage_far_away(quirks.clone(), Duration::from_millis(milliseconds));
            let elsewhere = stage.elsewhere();
            let runs = run_both((&case, &stage), (&case, &elsewhere));
            assert!(runs.iter().all(|run| run.report.as_ref().unwrap().is_complete()));
            for stage in [&stage, &elsewhere] {
                settle(&case, stage);
            }
            assert_eq!(ids(&stage).len(), 3);
            let lockfiles = [&stage, &elsewhere].map(|it| std::fs::read_to_string(it.lockfile()));
            let [one, other] = lockfiles.map(Result::unwrap);
            assert_eq!(one, other);
        }
    }
}

/// Two requests that differ are two requests: at Stripe nothing but the key can keep two machines
/// from creating at once, and one key for both contents would be refused from then on, whichever
/// of them was refused first. So there are two, nobody guesses which is the right one, and the
/// blocker says how to decide.
#[test]
fn two_machines_with_different_files_at_once_end_in_a_blocker_and_never_in_a_guess() {
    let (one, other) = (
        files([("a", default(role())), ("b", role())]),
        files([("a", default(role())), ("b", cancelling())]),
    );
    for quirks in settings() {
        let stage = one.stage_far_away(quirks, Duration::from_millis(300));
        let elsewhere = stage.elsewhere();
        run_both((&one, &stage), (&other, &elsewhere));
        let made = ids(&stage);
        assert_eq!(made.len(), 3);
        stage.clock.pass(10);
        for (case, stage) in [(&one, &stage), (&other, &elsewhere)] {
            let plan = run_well(case, stage).plan.unwrap();
            let is_it = |it: &Blocker| matches!(it, Blocker::SeveralMarked { role, duplicates, .. } if role.as_str() == "b" && duplicates.len() == 2);
            assert!(plan.blockers.iter().any(is_it), "{:?}", plan.blockers);
        }
        let all = stage.emulator.configurations(false);
        let unwanted = all.iter().find(|it| cancels_in(it)).unwrap()["id"].as_str().unwrap();
        stage.emulator.dashboard(false).edit(unwanted, "active=false").unwrap();
        apply(&one, &stage);
        assert_eq!(ids(&stage), made);
    }
}

/// Whether a key stands for something on another account or side as well, nobody has written down.
#[test]
fn neither_two_sides_nor_two_accounts_share_a_key() {
    let case = files([("a", default(role()))]);
    let plan = run_well(&case, &case.stage(Quirks::default())).plan.unwrap();
    let step = &plan.roles[0];
    let marker =
        Marker { project: plan.project.clone(), role: step.role.clone(), digest: step.digest() };
    for quirks in settings() {
        let (ours, theirs) = ("acct_1AbCdEfGhIjKlMnO", "acct_1BcDeFgHiJkLmNoP");
        let seed = json!({
            "account": { "id": ours },
            "connected": [{ "id": theirs }],
            "keys": [{ "key": "sk_test_theirs", "account": theirs }],
        });
        let emulator = Emulator::in_memory(Seed::parse(&seed.to_string()).unwrap());
        let emulator = Arc::new(emulator.with_quirks(quirks));
        let keys = [("sk_test_1", ours), ("sk_live_1", ours), ("sk_test_theirs", theirs)];
        let create = async |(key, account)| {
            let connection = connection_with(key, emulator.clone());
            let writer = Writer::new(connection, Some(AccountId::parse(account).unwrap()));
            writer.create(&step.desired, &marker, 0).await.unwrap().id
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ids: BTreeSet<_> = keys.into_iter().map(|it| runtime.block_on(create(it))).collect();
        assert_eq!(ids.len(), 3);
    }
}
