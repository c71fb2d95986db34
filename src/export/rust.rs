//! A module of Rust, as rustfmt would write it, without dependencies.

use std::collections::BTreeMap;

use super::names::{camel_case, noun, spelled};
use super::table::Table;
use super::{CantExport, Format, notice};

/// What rustfmt allows a line to have.
const LINE: usize = 100;

/// What rustfmt allows an array on one line to have.
const ARRAY: usize = 60;

/// What an enum's variant can't be called: a keyword, and what `Role` has besides its variants.
const RESERVED: [&str; 2] = ["Self", "ALL"];

pub(super) fn render(table: &Table<'_>) -> Result<String, CantExport> {
    let notice = notice(Format::Rust);
    let environments = spelled(&table.environments, Format::Rust, variant)?;
    let roles = spelled(&table.roles, Format::Rust, variant)?;
    let mut ids = String::new();
    for (environment, of_roles) in table.rows() {
        ids.push_str(&format!(
            "        Environment::{} => match role {{\n",
            environments[environment]
        ));
        ids.extend(of_roles.map(|(role, id)| arm(12, &format!("Role::{}", roles[role]), id)));
        ids.push_str("        },\n");
    }
    let environments = names("Environment", "An environment with a lockfile", &environments);
    let roles = names("Role", "A role that every environment has", &roles);
    Ok(format!(
        "\
// {notice}

//! The ids of the customer-portal configurations.

// People choose the names and how many there are, and not every app needs all of this.
#![allow(clippy::enum_variant_names, clippy::upper_case_acronyms)]
#![allow(clippy::too_many_lines, dead_code, unreachable_pub)]

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// The id of a role's configuration, for `configuration` of a portal session.
#[must_use]
pub const fn configuration(environment: Environment, role: Role) -> &'static str {{
    match environment {{
{ids}    }}
}}

{environments}
{roles}"
    ))
}

fn variant(name: &str) -> String {
    let variant = camel_case(name);
    if RESERVED.contains(&variant.as_str()) { variant + "_" } else { variant }
}

/// An enum of these names, with its way to texts and back.
fn names(of: &str, what: &str, spelled: &BTreeMap<&str, String>) -> String {
    let (lower, a_lower) = noun(of);
    let (n_all, all) = (spelled.len(), array(spelled));
    let variants: String = spelled
        .iter()
        .map(|(name, variant)| format!("    /// `{name}`\n    {variant},\n"))
        .collect();
    let texts: String =
        spelled.iter().map(|(name, variant)| arm(12, &format!("Self::{variant}"), name)).collect();
    format!(
        "\
/// {what}.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum {of} {{
{variants}}}

impl {of} {{
    /// All of them.
    pub const ALL: [Self; {n_all}] = {all};

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {{
        match self {{
{texts}        }}
    }}
}}

impl fmt::Display for {of} {{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{
        f.pad(self.as_str())
    }}
}}

impl FromStr for {of} {{
    type Err = Unknown{of};

    fn from_str(name: &str) -> Result<Self, Unknown{of}> {{
        for {lower} in Self::ALL {{
            if {lower}.as_str() == name {{
                return Ok({lower});
            }}
        }}
        Err(Unknown{of}(name.to_owned()))
    }}
}}

/// A text that is the name of no {lower}.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown{of}(pub String);

impl fmt::Display for Unknown{of} {{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{
        write!(f, \"{{:?}} is not {a_lower}\", self.0)
    }}
}}

impl Error for Unknown{of} {{}}
"
    )
}

/// `pattern => "text",`
fn arm(indent: usize, pattern: &str, text: &str) -> String {
    let line = format!("{:indent$}{pattern} => \"{text}\",", "");
    if line.len() <= LINE {
        return line + "\n";
    }
    let (outer, inner) = (" ".repeat(indent), " ".repeat(indent + 4));
    format!("{outer}{pattern} => {{\n{inner}\"{text}\"\n{outer}}}\n")
}

/// `[Self::Live, Self::Test]`
fn array(spelled: &BTreeMap<&str, String>) -> String {
    let items: Vec<String> = spelled.values().map(|variant| format!("Self::{variant}")).collect();
    let line = items.join(", ");
    if line.len() <= ARRAY {
        return format!("[{line}]");
    }
    let lines: String = items.iter().map(|item| format!("        {item},\n")).collect();
    format!("[\n{lines}    ]")
}
