//! What was found as JSON, for programs.

use serde::Serialize;

use super::{Problem, Verification, Verified};
use crate::plan::Blocker;
use crate::text;

/// Raised only when a field changes its meaning or goes away.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    verification_version: u32,
    ok: bool,
    environment: &'a str,
    account: Option<&'a str>,
    livemode: bool,
    customer: Option<&'a str>,
    blockers: Vec<ProblemDto>,
    roles: Vec<RoleDto<'a>>,
    unlisted: Vec<UnlistedDto<'a>>,
}

#[derive(Serialize)]
struct RoleDto<'a> {
    role: &'a str,
    id: &'a str,
    ok: bool,
    problems: Vec<ProblemDto>,
}

#[derive(Serialize)]
struct ProblemDto {
    code: &'static str,
    message: String,
    help: String,
}

#[derive(Serialize)]
struct UnlistedDto<'a> {
    role: &'a str,
    id: &'a str,
}

/// One JSON document, ending in a newline.
pub fn to_json(verification: &Verification) -> String {
    let Verification { environment, account, mode, customer, blockers, roles, unlisted } =
        verification;
    let document = Document {
        verification_version: VERSION,
        ok: verification.is_fine(),
        environment: environment.as_str(),
        account: account.as_ref().map(|id| id.as_str()),
        livemode: mode.livemode(),
        customer: customer.as_ref().map(|id| id.as_str()),
        blockers: blockers.iter().map(ProblemDto::of_blocker).collect(),
        roles: roles.iter().map(RoleDto::new).collect(),
        unlisted: unlisted
            .iter()
            .map(|(id, role)| UnlistedDto { role: role.as_str(), id: id.as_str() })
            .collect(),
    };
    let text = serde_json::to_string_pretty(&document).expect("strings, lists and flags are JSON");
    text::json(text) + "\n"
}

impl<'a> RoleDto<'a> {
    fn new(verified: &'a Verified) -> Self {
        let Verified { role, id, problems } = verified;
        Self {
            role: role.as_str(),
            id: id.as_str(),
            ok: verified.is_fine(),
            problems: problems.iter().map(ProblemDto::of_problem).collect(),
        }
    }
}

impl ProblemDto {
    fn of_blocker(blocker: &Blocker) -> Self {
        Self { code: blocker.code(), message: blocker.to_string(), help: blocker.help() }
    }

    fn of_problem(problem: &Problem) -> Self {
        let (message, help) = (problem.to_string(), problem.help().to_owned());
        Self { code: problem.code(), message, help }
    }
}
