//! What is true of every plan, whatever the files and whatever the account.

pub(crate) mod generated;

use std::collections::BTreeMap;

use portal_reconciler::desired::Origin;
use portal_reconciler::edit;
use portal_reconciler::lockfile;
use portal_reconciler::model::{
    EnvironmentName, Field, FieldPath, Project as ProjectName, Settings,
};
use portal_reconciler::plan::{Action, Cause, Policy, lock_from};
use portal_reconciler::report::{Reviewed, RunReport, to_json};
use portal_reconciler::source::SourceMap;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use self::generated::{files, news, role, under_every_behaviour};
use crate::support::Project;

fn settings_of(project: &Project) -> BTreeMap<String, Settings> {
    let (_, live) = project.look();
    let lockfile = lockfile::read(&project.lockfile()).unwrap().unwrap();
    let settings = |id| live.configurations[id].settings.effective();
    lockfile.roles.iter().map(|(role, id)| (role.to_string(), settings(id))).collect()
}

/// Set, change and unset: whatever was there before, the files are the whole truth, and one
/// apply gets there.
#[test]
fn apply_then_plan_is_nothing_and_history_leaves_no_trace() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour)),
        |behaviour, (first, second)| {
            let project = behaviour.account();
            for roles in [&first, &second] {
                project.write(roles);
                let report = project.apply();
                prop_assert!(report.is_complete(), "{:?}", report.outcomes);
                let left = project.plan();
                prop_assert!(left.is_empty(), "{:?}", left);
            }
            let fresh = behaviour.account();
            fresh.write(&second);
            fresh.apply();
            let (with_history, without) = (settings_of(&project), settings_of(&fresh));
            for (role, settings) in &without {
                prop_assert_eq!(Some(settings), with_history.get(role));
            }
            Ok(())
        },
    );
}

/// Files that are drafted from an account want nothing else of it, and say no more than they must.
#[test]
fn what_is_imported_is_taken_over_without_a_change() {
    under_every_behaviour(files, |behaviour, roles| {
        let project = behaviour.account();
        project.write(&roles);
        project.apply();
        project.forget();
        project.import();
        let plan = project.plan();
        prop_assert_eq!(plan.roles.len(), roles.len());
        for role in &plan.roles {
            let is_adoption = matches!(role.action, Action::Adopt(_));
            prop_assert!(is_adoption && role.changes.is_empty(), "{:?}", role);
        }
        prop_assert!(project.apply().is_complete());
        prop_assert!(project.plan().is_empty());
        Ok(())
    });
}

/// A file as people write it, with a comment at every line.
fn with_comments(role: &Json) -> String {
    let yaml = edit::written(role);
    let mut text = String::new();
    for (index, line) in yaml.lines().enumerate() {
        text.push_str(&format!("# above {index}\n{line} # beside {index}\n"));
    }
    text
}

/// Whatever the Dashboard has made of a configuration, the file that accepts it wants exactly that,
/// keeps all its comments, and is accepted again without a change.
#[test]
fn what_has_drifted_is_accepted_and_then_nothing_is_left_to_do() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour), any::<bool>()),
        |behaviour, (first, second, is_yaml)| {
            let only_base = |roles: &BTreeMap<String, Json>| {
                BTreeMap::from([("base".to_owned(), roles["base"].clone())])
            };
            let (first, second) = (only_base(&first), only_base(&second));
            let project = behaviour.account();
            project.write(&first);
            project.apply();
            let configuration = || project.emulator.configurations(false)[0].clone();
            let digest = configuration()["metadata"]["reconcile_digest"].clone();
            // Somebody makes it what the second file says, and the marker is none the wiser.
            project.write(&second);
            project.apply();
            let id = configuration()["id"].as_str().unwrap().to_owned();
            let edit = format!("metadata[reconcile_digest]={}", digest.as_str().unwrap());
            project.emulator.dashboard(false).edit(&id, &edit).unwrap();
            project.write(&first);
            let path = project.folder.path().join("base.yaml");
            if is_yaml {
                std::fs::write(&path, with_comments(&first["base"])).unwrap();
            }
            let before = std::fs::read_to_string(&path).unwrap();
            let n_writes = project.n_writes();
            let has_drifted = !project.plan().is_empty();
            prop_assert_eq!(project.accept(), usize::from(has_drifted));
            let after = std::fs::read_to_string(&path).unwrap();
            prop_assert!(project.plan().is_empty(), "{}\n{}\n{:?}", before, after, project.plan());
            prop_assert_eq!(project.accept(), 0);
            prop_assert_eq!(project.n_writes(), n_writes);
            let n_comments =
                |text: &str| text.matches("# above").count() + text.matches("# beside").count();
            prop_assert_eq!(n_comments(&before), n_comments(&after), "{}\n{}", before, after);
            Ok(())
        },
    );
}

#[test]
fn a_plan_writes_nothing_and_an_empty_plan_applies_to_nothing() {
    under_every_behaviour(files, |behaviour, roles| {
        let project = behaviour.account();
        project.write(&roles);
        project.plan();
        prop_assert_eq!(project.n_writes(), 0);
        project.apply();
        let n_writes = project.n_writes();
        prop_assert_eq!(n_writes, roles.len());
        project.apply();
        prop_assert_eq!(project.n_writes(), n_writes);
        Ok(())
    });
}

#[test]
fn the_lockfile_is_what_the_account_proves() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour)),
        |behaviour, (first, second)| {
            let project = behaviour.account();
            for roles in [&first, &second] {
                project.write(roles);
                project.apply();
                let (_, live) = project.look();
                let (proven, problems) = lock_from(
                    &live,
                    &ProjectName::parse("default").unwrap(),
                    &EnvironmentName::test(),
                );
                prop_assert!(problems.is_empty());
                prop_assert_eq!(
                    std::fs::read_to_string(project.lockfile()).unwrap(),
                    lockfile::to_text(&proven)
                );
            }
            Ok(())
        },
    );
}

/// What was reviewed is applied, and nothing else: a plan says of itself that nothing has moved, and
/// of each other one that something has.
#[test]
fn a_reviewed_plan_is_itself_and_no_other() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour), files(behaviour)),
        |behaviour, (first, second, third)| {
            let project = behaviour.account();
            project.write(&first);
            project.apply();
            // What was applied, but for one whose configuration goes out of use.
            let mut fewer = first.clone();
            fewer.remove("other");
            let plans = [&first, &fewer, &second, &third].map(|roles| {
                project.write(roles);
                let policy = Policy { prune: true, ..Policy::new(EnvironmentName::test(), None) };
                RunReport::planned(project.plan_by(&policy), Default::default())
            });
            for reviewed in &plans {
                let document = to_json(reviewed, &SourceMap::default());
                let document = Reviewed::parse(&document).expect("it is a plan");
                for now in &plans {
                    let is_it = reviewed.digest() == now.digest();
                    prop_assert_eq!(document.moved(&now.plan).is_empty(), is_it);
                }
            }
            Ok(())
        },
    );
}

/// A plan without a key is the plan.
#[test]
fn what_is_saved_of_an_account_plans_as_the_account_does() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour), news()),
        |behaviour, (first, second, news)| {
            let project = behaviour.account();
            project.write(&first);
            project.apply();
            for id in project.look().1.configurations.keys() {
                for (path, value) in &news {
                    project.tomorrow.add(id.as_str(), path, value.clone());
                }
            }
            project.write(&second);
            prop_assert_eq!(project.plan_of_saved(&project.saved()), project.plan());
            Ok(())
        },
    );
}

/// A role's values are shown with the lines that decide them, and nothing else is.
#[test]
fn what_is_shown_of_a_role_is_what_is_wanted_of_it() {
    under_every_behaviour(files, |behaviour, roles| {
        let project = behaviour.account();
        project.write(&roles);
        let traces = project.trace();
        for (role, desired) in &project.look().0.roles {
            let mut shown = Settings::default();
            for traced in traces[role].iter().filter(|traced| traced.closed_gate.is_none()) {
                let is_decided = !matches!(traced.origin, Origin::Dashboard(_));
                if let Some(field) = Field::at(&traced.path).filter(|_| is_decided) {
                    shown.set(field.into(), traced.value.clone());
                } else if let Some(key) = traced.path.strip_prefix("metadata.") {
                    shown.set(FieldPath::Metadata(key.to_owned()), traced.value.clone());
                }
            }
            let wanted = desired.settings.filtered(|path| !matches!(path, FieldPath::Product(..)));
            prop_assert_eq!(shown, wanted);
        }
        Ok(())
    });
}

/// Lists of words, products and keys in another order say the same.
#[test]
fn the_order_of_keys_words_and_products_means_nothing() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour)),
        |behaviour, (roles, second)| {
            let plan_of = |roles: &BTreeMap<String, Json>, second: &BTreeMap<String, Json>| {
                let project = behaviour.account();
                project.write(roles);
                project.apply();
                project.write(second);
                let report = RunReport::planned(project.plan(), Default::default());
                to_json(&report, &SourceMap::default())
            };
            let reversed = |roles: &BTreeMap<String, Json>| {
                roles.iter().map(|(name, json)| (name.clone(), reverse(json))).collect()
            };
            prop_assert_eq!(
                plan_of(&roles, &second),
                plan_of(&reversed(&roles), &reversed(&second))
            );
            Ok(())
        },
    );
}

/// No update without a change, and no change that changes nothing.
#[test]
fn every_action_has_a_reason() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour)),
        |behaviour, (first, second)| {
            let project = behaviour.account();
            project.write(&first);
            project.apply();
            project.write(&second);
            for role in project.plan().roles {
                let is_update = matches!(role.action, Action::Update(_));
                prop_assert!(!is_update || !role.changes.is_empty(), "{role:?}");
                prop_assert!(role.changes.iter().all(|change| change.before != change.after));
                let is_edited = role.changes.iter().all(|change| change.cause == Cause::Edited);
                prop_assert!(!is_update || is_edited, "{role:?}");
            }
            Ok(())
        },
    );
}

/// New words and parameters of Stripe's break nothing, are kept where no file speaks of them,
/// and one apply gets to where nothing is left to do.
#[test]
fn what_stripe_learns_tomorrow_is_kept() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour), news()),
        |behaviour, (first, second, mut news)| {
            // A pause without end has no lengths, of whatever kind.
            let pause = "features.subscription_pause.duration";
            let kind = first["base"].pointer(&format!("/{}/type", pause.replace('.', "/")));
            let is_endless = kind.is_some_and(|kind| kind == "indefinite");
            news.retain(|(path, _)| !is_endless || *path != format!("{pause}.interval_options"));
            let project = behaviour.account();
            project.write(&first);
            project.apply();
            let id = lockfile::read(&project.lockfile())
                .unwrap()
                .unwrap()
                .roles
                .values()
                .next()
                .unwrap()
                .clone();
            for (path, value) in &news {
                project.tomorrow.add(id.as_str(), path, value.clone());
            }
            project.write(&second);
            let report = project.apply();
            prop_assert!(report.is_complete(), "{:?}", report.outcomes);
            let left = project.plan();
            prop_assert!(left.is_empty(), "{:?}", left);
            let kept = project.tomorrow.extras(id.as_str());
            for (path, value) in &news {
                let place = format!("/{}", path.replace('.', "/"));
                let is_list = value.as_str().is_some_and(|word| word.starts_with("new_member"));
                let is_written = !is_list && second["base"].pointer(&place).is_some();
                prop_assert!(is_written || kept.get(*path) == Some(value), "{path} of {kept:?}");
            }
            Ok(())
        },
    );
}

/// What is left to the Dashboard stays as the Dashboard has it, whatever else changes.
#[test]
fn unmanaged_paths_are_left_alone() {
    under_every_behaviour(
        |_| (role(), role()),
        |behaviour, (first, second)| {
            let unmanaged =
                ["business_profile.headline", "features.subscription_cancel", "metadata.team"];
            let strip = |role: &Json| {
                let mut role = role.clone();
                role["default"] = json!(true);
                role["unmanaged"] = json!(unmanaged);
                if let Some(profile) = role.get_mut("business_profile") {
                    profile["headline"] = Json::Null;
                }
                role["features"]["subscription_cancel"] = Json::Null;
                let mut files = BTreeMap::from([("base".to_owned(), role)]);
                behaviour.leave_what_is_accepted(&mut files);
                files
            };
            let project = behaviour.account();
            project.write(&strip(&first));
            project.apply();
            let id = project.emulator.configurations(false)[0]["id"].as_str().unwrap().to_owned();
            let edit = "business_profile[headline]=Mine&features[subscription_cancel][enabled]=true\
                &features[subscription_cancel][mode]=immediately&metadata[team]=blue";
            project.emulator.dashboard(false).edit(&id, edit).unwrap();
            prop_assert!(project.plan().is_empty());
            project.write(&strip(&second));
            project.apply();
            prop_assert!(project.plan().is_empty());
            let after = &project.emulator.configurations(false)[0];
            prop_assert_eq!(&after["business_profile"]["headline"], "Mine");
            prop_assert_eq!(&after["features"]["subscription_cancel"]["mode"], "immediately");
            prop_assert_eq!(&after["metadata"]["team"], "blue");
            Ok(())
        },
    );
}

/// Configurations of nobody, of another project or of an application are never written.
#[test]
fn foreign_configurations_are_never_written() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour)),
        |behaviour, (first, second)| {
            let off = "features[invoice_history][enabled]=false";
            let ours = "metadata[reconcile_project]=default&metadata[reconcile_role]=nobody";
            let theirs = "metadata[reconcile_project]=other&metadata[reconcile_role]=base";
            let project = behaviour.account();
            project.write(&first);
            project.apply();
            let dashboard = project.emulator.dashboard(false);
            let mut foreign = vec![
                dashboard.add_for_application("ca_1", off).unwrap(),
                dashboard.add_for_application("ca_1", &format!("{off}&{ours}")).unwrap(),
            ];
            for parameters in [off.to_owned(), format!("{off}&{theirs}")] {
                foreign.push(project.post("/v1/billing_portal/configurations", &parameters));
            }
            let all = || project.emulator.configurations(false);
            let of_others = || {
                all()
                    .into_iter()
                    .filter(|it| foreign.iter().any(|id| it["id"] == **id))
                    .collect::<Vec<_>>()
            };
            let before = of_others();
            prop_assert_eq!(before.len(), 4);
            project.write(&second);
            prop_assert!(project.apply().is_complete());
            prop_assert_eq!(before, of_others());
            Ok(())
        },
    );
}

/// What has no file is deactivated if somebody says so: once, only what is ours, and it is what it
/// was when its file returns.
#[test]
fn what_is_pruned_is_ours_and_not_the_default_and_comes_back_as_itself() {
    under_every_behaviour(
        |behaviour| (files(behaviour), files(behaviour)),
        |behaviour, (first, second)| {
            let project = behaviour.account();
            let policy = Policy::new(EnvironmentName::test(), None);
            let (prune, leave) = (Policy { prune: true, ..policy.clone() }, policy);
            let off = "features[invoice_history][enabled]=false";
            let theirs = "metadata[reconcile_project]=other&metadata[reconcile_role]=third";
            project.write(&first);
            project.apply();
            let before = ids(&project);
            let dashboard = project.emulator.dashboard(false);
            let ours = "metadata[reconcile_project]=default&metadata[reconcile_role]=third";
            let mut foreign =
                vec![dashboard.add_for_application("ca_1", &format!("{off}&{ours}")).unwrap()];
            for parameters in [off.to_owned(), format!("{off}&{theirs}")] {
                foreign.push(project.post("/v1/billing_portal/configurations", &parameters));
            }
            let of_others = || {
                let mut all = project.emulator.configurations(false);
                all.retain(|it| foreign.iter().any(|id| it["id"] == **id));
                all
            };
            let untouched = of_others();

            // Sometimes not even the default has a file.
            let mut fewer = second.clone();
            fewer.retain(|role, _| role != "third" && (role != "base" || second.len() < 3));
            let is_gone = |role: &str| first.contains_key(role) && !fewer.contains_key(role);
            project.write(&fewer);
            prop_assert!(project.plan_by(&leave).retired.is_empty());
            let retired = project.plan_by(&prune).retired;
            let retired: Vec<&str> = retired.iter().map(|it| it.role.as_str()).collect();
            let expected = ["other", "third"].into_iter().filter(|role| is_gone(role));
            prop_assert_eq!(retired, expected.collect::<Vec<_>>());
            prop_assert!(project.apply_by(&prune).is_complete());
            for policy in [&prune, &leave] {
                let left = project.plan_by(policy);
                prop_assert!(left.is_empty(), "{:?}", left);
            }
            let all = project.emulator.configurations(false);
            for (role, id) in &before {
                let it = all.iter().find(|it| it["id"] == **id).unwrap();
                let is_active = role == "base" || !is_gone(role);
                prop_assert_eq!(&it["active"], is_active);
                prop_assert_eq!(ids(&project).contains_key(role), is_active);
            }
            prop_assert_eq!(&untouched, &of_others());

            project.write(&first);
            prop_assert!(project.apply_by(&prune).is_complete());
            let after = ids(&project);
            for (role, id) in &before {
                prop_assert_eq!(after.get(role), Some(id));
            }
            prop_assert!(project.plan_by(&prune).is_empty());
            prop_assert_eq!(untouched, of_others());
            Ok(())
        },
    );
}

/// What the lockfile says.
fn ids(project: &Project) -> BTreeMap<String, String> {
    let lockfile = lockfile::read(&project.lockfile()).unwrap().unwrap();
    lockfile.roles.iter().map(|(role, id)| (role.to_string(), id.to_string())).collect()
}

/// Every list and every object backwards. Lists of objects with a `type` or an `interval` are sets,
/// too, and products go by product.
fn reverse(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().rev().map(reverse).collect()),
        Json::Object(entries) => Json::Object(
            entries.iter().rev().map(|(key, value)| (key.clone(), reverse(value))).collect(),
        ),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => json.clone(),
    }
}
