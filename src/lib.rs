//! Makes a Stripe account's customer-portal configurations equal to YAML files.
//!
//! The program is `reconcile`; its manual is the README. This page is for those who change it.
//!
//! # How data flows
//!
//! ```text
//! *.yaml ──load──> Files ──resolve──> Wanted ──bind──> DesiredState ┐
//!                                        (prices)┘                  │
//! Stripe ──Reader::snapshot──> prices, LiveState ───────────────────┼─plan─> Plan
//! *.lock.json ──read──> Lockfile ───────────────────────────────────┘          │
//!                                                                   into_applicable
//!                                                                              v
//! Stripe <──Writer── execute(ApplicablePlan) ──> ApplyReport      ApplicablePlan
//! *.lock.json <─LockStore─┘                            │
//!                             a second plan, empty ────┴──> RunReport ──render──> text
//! ```
//!
//! Gather, decide, act, look again. Decisions are values; reading, writing and printing are at the
//! edges and decide nothing.
//!
//! # What is where
//!
//! | module | is |
//! |---|---|
//! | [`source`] | the texts that were read, and places in them |
//! | [`model`] | the nouns; [`model::Field`] is the schema that everything else goes by |
//! | [`diagnostic`] | what is said about the user's files |
//! | [`desired`] | from YAML to what is wanted |
//! | [`compare`] | whether two environments offer the same portals |
//! | [`edit`] | changes what a YAML text says, and nothing else of it |
//! | [`verify`](mod@verify) | whether apps can rely on a lockfile |
//! | [`fleet`] | many accounts at once: which are alike, and which go first |
//! | [`import`] | from configurations that exist to files that want exactly them |
//! | [`accept`](mod@accept) | from an account that has drifted to files that want what it has |
//! | [`interruption`] | somebody wants the program to stop |
//! | [`lockfile`] | its text, and how it gets onto the disk |
//! | [`export`] | the ids of lockfiles as code, in which no role can be mistyped |
//! | [`transport`] | the one seam to the network |
//! | [`stripe`] | Stripe's dialect over any transport: [`stripe::Reader`], [`stripe::Writer`], [`stripe::Sessions`] |
//! | [`snapshot`] | what an account had, in a file, for plans without a key |
//! | [`plan`] | what has to be done: a pure function |
//! | [`apply`] | does it |
//! | [`report`] | what a run came to: what customers notice, and the JSON document |
//! | [`portal`] | what a customer sees, as a page |
//! | [`render`] | texts and pages for people |
//! | [`reference`](mod@reference) | what every key and every code means, in words and as JSON Schema |
//! | [`text`] | words, and texts that somebody else wrote |
//! | [`emulator`] | a stateful Stripe, for users to try things and for tests to judge by |
//! | [`cli`] | arguments, environment, terminal, exit codes |
//!
//! # What always holds
//!
//! 1. [`plan`] has no IO, clock, environment, randomness or logging. Equal inputs give equal plans,
//!    whatever the order of files, pages and lists.
//! 2. A dry run can't write: a [`stripe::Writer`] is made in one place, behind a
//!    [`plan::ApplicablePlan`] that somebody agreed to, and a [`lockfile::LockStore`] where a run isn't
//!    dry, or `reconcile lock` or `reconcile import` was asked for. [`stripe::Sessions`], which change no
//!    configuration, are made where a customer was named.
//! 3. Nothing blocked is applied: an [`plan::ApplicablePlan`] can only be made of a plan without
//!    blockers.
//! 4. Stripe has no delete, so nothing is created twice: every create follows a full snapshot,
//!    carries the marker and has an idempotency key that depends on nothing but its content.
//! 5. The lockfile is replaced in one step after each answer that has an id, before anything else is
//!    begun.
//! 6. Sockets are in [`transport`] and the emulator's server; files in [`desired`], [`lockfile`],
//!    the emulator's state and [`cli`]; environment and terminal in [`cli`].
//! 7. [`emulator`] shares no code with [`stripe`]: a shared mistake would cancel out.
//! 8. The key is in [`stripe::SecretKey`], which nothing can print. A session's address is in
//!    [`stripe::SessionUrl`], which `reconcile session` alone prints, to stdout.
//! 9. Loading and checking report every problem; they never stop at the first.
//!
//! `tests/it/layering.rs` holds the modules to who may know whom, `tests/it/laws/` the plans to
//! what is true of all of them.
//!
//! # How to add something
//!
//! `.github/CONTRIBUTING.md` shows all parts of a parameter, a rule, a lint, a renderer and a switch of
//! the emulator.

pub mod accept;
pub mod apply;
pub mod cli;
pub mod compare;
pub mod desired;
pub mod diagnostic;
pub mod edit;
pub mod emulator;
pub mod export;
pub mod fleet;
pub mod import;
pub mod interruption;
pub mod lockfile;
pub mod model;
pub mod plan;
pub mod portal;
pub mod reference;
pub mod render;
pub mod report;
pub mod snapshot;
pub mod source;
pub mod stripe;
pub mod text;
pub mod transport;
pub mod verify;
