//! The command line.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};

use super::emulate::EmulateArgs;
use super::error::CliError;
use super::export::ExportArgs;
use super::lock::LockArgs;
use super::preview::PreviewArgs;
use super::session::SessionArgs;
use super::verify::VerifyArgs;
use super::world::World;
use super::{quoted, shown};
use crate::fleet::{Canary, Shard};
use crate::model::{AccountId, ConfigurationId};
use crate::stripe::Limits;

/// The folder that is meant if none is named.
const CONFIGS: &str = "portal-configs";

/// GitHub takes comments of 65 536 characters.
const MARKDOWN_MAX_BYTES: u32 = 60_000;

const EXIT_CODES: &str = "\
Exit codes:
  0    nothing to do, or all applied; a dry run that could plan
  1    failed or refused before anything was written
  2    with --detailed-exitcode: the plan has changes;
       with --detailed-exitcode=drift: something was changed outside of the files
  3    refused: the plan is not the one that was reviewed
  4    partly applied, or not converged; run again to finish: what was done
       is found by the lockfile or by its marker
  64   wrong usage
  130  interrupted, and something is left; the requests in flight were waited for

The key is read from STRIPE_API_KEY. STRIPE_API_BASE may point to a Stripe-shaped server on this
machine, with a test key.";

/// Keeps a Stripe account's customer-portal configurations equal to YAML files.
///
/// Without a command: plans, shows the plan, asks, applies it, and writes the lockfile.
#[derive(Debug, Parser)]
#[command(name = "reconcile", version, after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) global: GlobalArgs,
    #[command(flatten)]
    pub(super) run: RunArgs,
}

#[derive(Debug, Clone, clap::Args)]
pub(super) struct GlobalArgs {
    /// The folder with a YAML file for each role.
    #[arg(short = 'C', long, value_name = "DIR", default_value = CONFIGS, global = true)]
    pub(super) configs: PathBuf,
    /// Which environment of `reconcile.yaml`; without that file `test` or `live`, by the key.
    #[arg(short, long, value_name = "NAME", global = true)]
    pub(super) environment: Option<String>,
    /// Of an environment that is many connected accounts, only this one.
    #[arg(long, value_name = "ID", global = true, value_parser = account)]
    pub(super) account: Option<AccountId>,
    /// Use the embedded Stripe: no key, no network. Its state is kept in a file.
    #[arg(long, value_name = "STATE.json", num_args = 0..=1, require_equals = true, global = true)]
    pub(super) emulator: Option<Option<PathBuf>>,
    /// How many requests may be under way at the same time, 20 by default; RECONCILE_PARALLELISM can
    /// say it, too.
    #[arg(long, value_name = "N", value_parser = parallelism, global = true)]
    pub(super) parallelism: Option<u32>,
    /// When to use colour; `auto` also looks at NO_COLOR.
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(super) color: ColorChoice,
    /// Also print problems as commands for GitHub's runner, which shows them at the lines.
    #[arg(long, value_name = "FOR", default_value = "none", global = true)]
    pub(super) annotations: Annotations,
    /// Show every request.
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

#[derive(Debug, Default, PartialEq, Eq, clap::Args)]
pub(super) struct RunArgs {
    /// Show the plan and write nothing anywhere.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// With --dry-run: plan against what `reconcile snapshot` has saved. No key, no network.
    #[arg(long, value_name = "FILE", requires = "dry_run")]
    pub(super) state: Option<PathBuf>,
    /// With --dry-run: the folder without the change that is being reviewed. The Markdown and the
    /// JSON's effects tell apart what would be done without it as well.
    #[arg(long, value_name = "DIR", requires = "dry_run")]
    pub(super) base: Option<PathBuf>,
    /// Refuse if a lookup key of the files stands for another amount, currency or interval than in
    /// this environment, which needs its key, too.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["state", "emulator"])]
    pub(super) like: Option<String>,
    /// Apply without asking. A live account still asks if somebody is there to answer.
    #[arg(long)]
    pub(super) yes: bool,
    /// With --dry-run: exit with 2 if the plan has changes, or only if something has drifted.
    #[arg(
        long,
        value_name = "OF",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "changes",
        requires = "dry_run"
    )]
    pub(super) detailed_exitcode: Option<Detail>,
    /// How to show the plan and what came of it.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: Format,
    /// Also write the plan and what came of it as Markdown, for a comment or a summary.
    #[arg(long, value_name = "FILE")]
    pub(super) markdown_out: Option<PathBuf>,
    /// The most bytes that the Markdown may have. What is left out is counted in it.
    #[arg(
        long,
        value_name = "N",
        default_value_t = MARKDOWN_MAX_BYTES,
        value_parser = clap::value_parser!(u32).range(4_000..)
    )]
    pub(super) markdown_max_bytes: u32,
    /// Also write the plan and what came of it as JSON.
    #[arg(long, value_name = "FILE")]
    pub(super) plan_out: Option<PathBuf>,
    /// Deactivate configurations of this project whose role has no file any more. Never the
    /// account's default.
    #[arg(long)]
    pub(super) prune: bool,
    /// Of several configurations that carry the marker of one role, keep this one, and deactivate
    /// the others.
    #[arg(long, value_name = "ID", value_parser = configuration)]
    pub(super) keep: Vec<ConfigurationId>,
    /// Of an environment that is many accounts, only this part, such as `3/16`: the third of sixteen.
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
    /// Of an environment that is many accounts, apply to so many first, or to such a share as `5%`, and
    /// to the others only what went well there. Stops at the first surprise.
    #[arg(long, value_name = "N|P%")]
    pub(super) canary: Option<Canary>,
    /// Refuse to apply if more roles would change. Deactivations count; this replaces the limit of
    /// 30 % on them.
    #[arg(long, value_name = "N")]
    pub(super) max_changes: Option<u64>,
    /// Apply without asking if the plan is the one in this file, which `--plan-out` has written, and
    /// not at all if it is another.
    #[arg(long, value_name = "FILE", conflicts_with = "expect_digest")]
    pub(super) plan: Option<PathBuf>,
    /// Apply without asking if the plan has this digest, and not at all if it has another.
    #[arg(long, value_name = "sha256:…", value_parser = digest)]
    pub(super) expect_digest: Option<String>,
}

impl GlobalArgs {
    /// How many requests may be under way at the same time.
    ///
    /// Returns an error if the variable is no such number.
    pub(super) fn parallelism(&self, world: &World) -> Result<u32, CliError> {
        const VARIABLE: &str = "RECONCILE_PARALLELISM";
        let by_variable = || world.variable(VARIABLE).map(|text| parallelism(&text)).transpose();
        match self.parallelism {
            Some(n) => Ok(n),
            None => by_variable()
                .map(|n| n.unwrap_or(Limits::AT_ONCE))
                .map_err(|error| CliError::usage(format!("`{VARIABLE}`: {error}"))),
        }
    }

    /// The program's name with the options that a next command needs, too.
    pub(super) fn command(&self) -> String {
        let mut command = "reconcile".to_owned();
        if self.configs != Path::new(CONFIGS) {
            command.push_str(&format!(" -C {}", quoted(&shown(&self.configs))));
        }
        if let Some(name) = &self.environment {
            command.push_str(&format!(" -e {}", quoted(name)));
        }
        if let Some(account) = &self.account {
            command.push_str(&format!(" --account {account}"));
        }
        match &self.emulator {
            None => {}
            Some(None) => command.push_str(" --emulator"),
            Some(Some(state)) => {
                command.push_str(&format!(" --emulator={}", quoted(&shown(state))))
            }
        }
        command
    }
}

impl RunArgs {
    /// This run's command with the options without which the next run would have another plan.
    pub(super) fn again(&self, command: &str) -> String {
        let mut again = command.to_owned();
        if let Some(shard) = &self.shard {
            again.push_str(&format!(" --shard {shard}"));
        }
        if let Some(name) = &self.like {
            again.push_str(&format!(" --like {}", quoted(name)));
        }
        if self.prune {
            again.push_str(" --prune");
        }
        for id in &self.keep {
            again.push_str(&format!(" --keep {id}"));
        }
        if let Some(n) = self.max_changes {
            again.push_str(&format!(" --max-changes {n}"));
        }
        again
    }

    /// Those of a command that only looks at the account.
    pub(super) fn looking() -> Self {
        Self { dry_run: true, ..Self::default() }
    }

    /// The options that were given.
    pub(super) fn given(&self) -> Vec<&'static str> {
        let Self {
            dry_run,
            state,
            base,
            like,
            yes,
            detailed_exitcode,
            format,
            markdown_out,
            markdown_max_bytes,
            plan_out,
            prune,
            keep,
            shard,
            canary,
            max_changes,
            plan,
            expect_digest,
        } = self;
        let options = [
            ("`--dry-run`", *dry_run),
            ("`--state`", state.is_some()),
            ("`--base`", base.is_some()),
            ("`--like`", like.is_some()),
            ("`--yes`", *yes),
            ("`--detailed-exitcode`", detailed_exitcode.is_some()),
            ("`--format`", *format != Format::default()),
            ("`--markdown-out`", markdown_out.is_some()),
            ("`--markdown-max-bytes`", *markdown_max_bytes != MARKDOWN_MAX_BYTES),
            ("`--plan-out`", plan_out.is_some()),
            ("`--prune`", *prune),
            ("`--keep`", !keep.is_empty()),
            ("`--shard`", shard.is_some()),
            ("`--canary`", canary.is_some()),
            ("`--max-changes`", max_changes.is_some()),
            ("`--plan`", plan.is_some()),
            ("`--expect-digest`", expect_digest.is_some()),
        ];
        options.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect()
    }
}

fn parallelism(text: &str) -> Result<u32, String> {
    let n = text.trim().parse().ok().filter(|n| (1..=100).contains(n));
    n.ok_or_else(|| "write a number from 1 to 100".to_owned())
}

fn account(text: &str) -> Result<AccountId, String> {
    AccountId::parse(text).map_err(|error| error.to_string())
}

fn configuration(text: &str) -> Result<ConfigurationId, String> {
    ConfigurationId::parse(text).map_err(|error| error.to_string())
}

/// `sha256:` and 64 hexadecimal digits.
fn digest(text: &str) -> Result<String, String> {
    let is_hexadecimal = |digits: &str| {
        digits.len() == 64 && digits.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
    };
    match text.strip_prefix("sha256:") {
        Some(digits) if is_hexadecimal(digits) => Ok(text.to_owned()),
        _ => Err("a digest is `sha256:` and 64 hexadecimal digits".to_owned()),
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check the files. No key, no network.
    Validate,
    /// Rebuild the lockfile from the account alone.
    Lock(LockArgs),
    /// Write a file for each configuration that the account has and no file speaks of.
    ///
    /// Nothing in the account is changed: the next plan shows how the files take them over.
    Import(ImportArgs),
    /// Say where two environments' portals differ: ids don't count, lookup keys do.
    Compare(CompareArgs),
    /// Say what each value of a role is, and which line of which file decides it. No key, no network.
    Show(ShowArgs),
    /// Edit the files of roles that were changed outside of them, so that they want what is there.
    ///
    /// Nothing in the account is changed. Comments and layout of the files stay.
    Accept(AcceptArgs),
    /// Print the id of a role's configuration, from the lockfile. No key, no network.
    Get(GetArgs),
    /// Open a portal session with a role's configuration and print its address, which is as secret
    /// as a password.
    Session(SessionArgs),
    /// Check that apps can rely on the lockfile: what it names exists, is active and is ours.
    Verify(VerifyArgs),
    /// Write the ids of all roles as a module of the app's language, from the lockfiles. No key, no
    /// network.
    ///
    /// In TypeScript, Python, Rust and Go a role is a type, so that none can be mistyped. It has the
    /// roles that every environment has. The embedded Stripe's lockfile is read with --emulator only.
    Export(ExportArgs),
    /// Say what a code or a key means, with an example.
    Explain(ExplainArgs),
    /// Print a JSON Schema, for editors and programs.
    Schema(SchemaArgs),
    /// Save what the account has, so that a plan can be made later without a key.
    Snapshot(SnapshotArgs),
    /// Make a page that shows each role's portal as its customers are going to see it.
    Preview(PreviewArgs),
    /// Serve the embedded Stripe, for any SDK to talk to.
    Emulate(EmulateArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// Only these configurations, such as `bpc_1ABC`; inactive ones have to be named.
    pub(super) ids: Vec<String>,
    /// The role that the one configuration is to be. If it has a file, that stays as it is, and the
    /// next plan shows how the configuration would change.
    #[arg(long = "as", value_name = "ROLE")]
    pub(super) role: Option<String>,
    /// Overwrite the role's file.
    #[arg(long, requires = "role")]
    pub(super) force: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct CompareArgs {
    /// One environment.
    pub(super) first: String,
    /// The other.
    pub(super) second: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// Only these roles.
    pub(super) roles: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct AcceptArgs {
    /// Only these roles, even where their files changed the same value; without any, all others that
    /// have drifted.
    pub(super) roles: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct GetArgs {
    /// The role.
    pub(super) role: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// A code such as `one-way-switch`, or a key such as `features.customer_update.allowed_updates`;
    /// its end is enough. Without one, all of them are listed.
    pub(super) name: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct SchemaArgs {
    /// Of what.
    pub(super) name: SchemaName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum SchemaName {
    /// A role's file.
    Config,
    /// `reconcile.yaml`.
    Settings,
    /// A lockfile.
    Lockfile,
    /// What `--format json` prints.
    Plan,
    /// What it prints of many accounts, a line each.
    Fleet,
}

#[derive(Debug, clap::Args)]
pub(super) struct SnapshotArgs {
    /// The file. It has no key, and nothing of customers.
    pub(super) file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// Who is to show problems at the lines of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Annotations {
    /// GitHub's runner.
    Github,
    /// Nobody.
    None,
}

/// What an exit code of its own is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Detail {
    /// Any change.
    Changes,
    /// Changes of what was changed outside of the files.
    Drift,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    #[default]
    Human,
    Json,
    Markdown,
}
