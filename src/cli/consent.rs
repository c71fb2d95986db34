//! May this plan be applied? Somebody has to have said so.

use std::fs;

use super::args::RunArgs;
use super::error::CliError;
use super::world::World;
use crate::model::{EnvironmentName, Mode};
use crate::plan::{Plan, plan_digest};
use crate::report::Reviewed;

/// How somebody agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consent {
    /// Before the plan was made.
    Given,
    /// After having read it, which may have taken a while.
    Answered,
}

/// What was reviewed.
pub(super) enum Agreed<R> {
    /// Something of which only the digest is known.
    Digest(String),
    /// What `--plan-out` wrote.
    Plan(R),
}

impl<R> Agreed<R> {
    /// What the options say, if they do.
    ///
    /// Returns an error if the file can't be used.
    pub(super) fn of(
        run: &RunArgs,
        parse: impl FnOnce(&str) -> Result<R, String>,
    ) -> Result<Option<Self>, CliError> {
        let Some(path) = &run.plan else {
            return Ok(run.expect_digest.clone().map(Self::Digest));
        };
        let text = fs::read_to_string(path).map_err(|error| error.to_string());
        let reviewed = text.and_then(|text| parse(&text)).map_err(|error| {
            let error = format!("can't use the plan in `{}`: {error}", super::shown(path));
            CliError::new(error).help("`--dry-run --plan-out FILE` writes one")
        })?;
        Ok(Some(Self::Plan(reviewed)))
    }
}

impl Agreed<Reviewed> {
    /// Returns an error that says what has moved if this is not the plan that was reviewed.
    pub(super) fn check(&self, plan: &Plan) -> Result<(), CliError> {
        let now = plan_digest(plan);
        match self {
            Self::Digest(digest) if *digest == now => Ok(()),
            Self::Digest(digest) => Err(stale(digest, &now)),
            Self::Plan(reviewed) => match reviewed.moved(plan) {
                moved if moved.is_empty() => Ok(()),
                moved => {
                    let message = if reviewed.digest == now {
                        "the plan in the file is not the one that its digest stands for"
                    } else {
                        "this is not the plan that was reviewed"
                    };
                    let error = CliError::new(format!("{message}; nothing was written"));
                    Err(CliError { code: 3, details: moved, ..error.help(LOOK_AGAIN) })
                }
            },
        }
    }
}

/// Finds out whether the plan may be applied.
///
/// A live account asks for the environment's name even with `--yes`, if somebody is there to
/// answer: a key left over in a terminal is how accidents happen. A reviewed plan needs no answer.
///
/// Returns an error if nobody agreed.
pub(super) async fn ask(
    plan: &Plan,
    agreed: Option<&Agreed<Reviewed>>,
    run: &RunArgs,
    world: &mut World,
) -> Result<Consent, CliError> {
    if let Some(agreed) = agreed {
        return agreed.check(plan).map(|()| Consent::Given);
    }
    let n_pending = plan.n_pending();
    if n_pending == 0 {
        // Only the lockfile is brought up to date.
        return Ok(Consent::Given);
    }
    let roles = crate::text::plural(n_pending, "role");
    of_somebody(&roles, (&plan.environment, plan.mode), run.yes, world).await
}

/// Asks for consent to change `what`, such as `3 roles`.
pub(super) async fn of_somebody(
    what: &str,
    (name, mode): (&EnvironmentName, Mode),
    yes: bool,
    world: &mut World,
) -> Result<Consent, CliError> {
    let is_agreed = match (is_somebody_there(world), mode.livemode(), yes) {
        (true, true, _) => {
            let question = format!(
                "\nThis changes the LIVE portal of {what}. To apply, type the environment's name ({name}): "
            );
            world.ask(&question).await? == name.as_str()
        }
        (true, false, false) => {
            let answer = world.ask(&format!("\nApply to {what}? [y/N] ")).await?;
            matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes")
        }
        (_, _, true) => return Ok(Consent::Given),
        (false, _, false) => {
            let help = "say `--yes`, or with `--plan` or `--expect-digest` what was reviewed; `--dry-run` only shows";
            let error = CliError::new("nobody is there to agree to this plan; nothing was written");
            return Err(error.help(help));
        }
    };
    if is_agreed {
        Ok(Consent::Answered)
    } else {
        Err(CliError::new("you did not agree; nothing was written"))
    }
}

/// True if a question can be asked and answered.
pub(super) fn is_somebody_there(world: &World) -> bool {
    world.stdin_is_terminal && world.stderr_is_terminal
}

pub(super) const LOOK_AGAIN: &str =
    "look at the plan again: the files or the account have changed since";

/// The plan is not the one that somebody agreed to.
pub(super) fn stale(expected: &str, digest: &str) -> CliError {
    let message = format!(
        "this is not the plan that was agreed to: its digest is {digest}, not {expected}; nothing was written"
    );
    CliError { code: 3, ..CliError::new(message).help(LOOK_AGAIN) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        DesiredRole, EnvironmentName, Lockfile, Mode, Project, Role, Settings, Unmanaged,
    };
    use crate::plan::{Action, RolePlan};

    fn plan(mode: Mode) -> Plan {
        let lockfile = Lockfile {
            environment: EnvironmentName::parse("prod").unwrap(),
            account: None,
            mode,
            roles: Default::default(),
        };
        let role = RolePlan {
            role: Role::parse("admin").unwrap(),
            action: Action::Create,
            activates: false,
            deactivated_outside: false,
            is_default: false,
            becomes_default: false,
            changes: Vec::new(),
            desired: DesiredRole {
                settings: Settings::default(),
                written: Default::default(),
                default: false,
                unmanaged: Unmanaged::default(),
                left: Settings::default(),
                offers: Default::default(),
            },
            said: Settings::default(),
            live: None,
            kept: Vec::new(),
        };
        Plan {
            is_connected: false,
            environment: lockfile.environment.clone(),
            account: None,
            mode,
            project: Project::parse("default").unwrap(),
            roles: vec![role],
            retired: Vec::new(),
            blockers: Vec::new(),
            notes: Vec::new(),
            seen: Default::default(),
            lockfile,
            lock_changes: Vec::new(),
        }
    }

    /// What comes of a question that is answered so; `None` is nobody there.
    fn outcome(mode: Mode, answer: Option<&'static str>, run: &RunArgs) -> Result<Consent, u8> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (plan, mut world) = (plan(mode), World::with_answer(answer));
        let agreed = Agreed::of(run, Reviewed::parse).unwrap();
        let asked = ask(&plan, agreed.as_ref(), run, &mut world);
        runtime.block_on(asked).map_err(|error| error.code)
    }

    #[test]
    fn without_a_terminal_somebody_must_have_agreed_before() {
        let yes = RunArgs { yes: true, ..RunArgs::default() };
        for mode in [Mode::Test, Mode::Live] {
            assert_eq!(outcome(mode, None, &RunArgs::default()), Err(1));
            assert_eq!(outcome(mode, None, &yes), Ok(Consent::Given));
        }
    }

    #[test]
    fn at_a_terminal_a_test_account_asks_unless_told_not_to() {
        let yes = RunArgs { yes: true, ..RunArgs::default() };
        assert_eq!(outcome(Mode::Test, Some("y\n"), &RunArgs::default()), Ok(Consent::Answered));
        for no in ["\n", "n\n", "", "prod\n"] {
            assert_eq!(outcome(Mode::Test, Some(no), &RunArgs::default()), Err(1), "{no}");
        }
        assert_eq!(outcome(Mode::Test, Some(""), &yes), Ok(Consent::Given));
    }

    #[test]
    fn at_a_terminal_a_live_account_asks_for_its_name_even_with_yes() {
        for yes in [false, true] {
            let run = RunArgs { yes, ..RunArgs::default() };
            assert_eq!(outcome(Mode::Live, Some("prod\n"), &run), Ok(Consent::Answered));
            for no in ["y\n", "yes\n", "", "PROD\n", "test\n"] {
                assert_eq!(outcome(Mode::Live, Some(no), &run), Err(1), "{no}");
            }
        }
    }

    #[test]
    fn a_reviewed_plan_needs_no_answer_and_another_one_gets_no_chance() {
        let reviewed = |digest: &str| RunArgs {
            yes: true,
            expect_digest: Some(digest.into()),
            ..RunArgs::default()
        };
        let digest = plan_digest(&plan(Mode::Live));
        assert_eq!(outcome(Mode::Live, Some(""), &reviewed(&digest)), Ok(Consent::Given));
        assert_eq!(outcome(Mode::Live, None, &reviewed(&digest)), Ok(Consent::Given));
        assert_eq!(outcome(Mode::Live, Some("prod\n"), &reviewed("sha256:2")), Err(3));
    }
}
