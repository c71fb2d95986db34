//! From texts to what is wanted: reads every role, fills in defaults, and checks all rules.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Mutex;
use std::thread::{self, available_parallelism};

use super::date::Date;
use super::declared::{Declared, ProductEntry};
use super::lints::{self, Subject};
use super::origin::{self, Traced};
use super::project::{Environment, ProjectFile};
use super::reader::Reader;
use super::variables::Variables;
use super::{Files, configuration, rules, waivers, yaml};
use crate::diagnostic::{Bag, Code, Diagnostic};
use crate::model::{
    Field, FieldPath, LookupKey, Mode, PriceId, Project, Quantity, Role, Settings, Unmanaged, Value,
};
use crate::source::{FileId, Span};

/// What the files want, before prices are looked up in an account.
#[derive(Debug)]
pub struct Wanted {
    pub(super) project: Project,
    pub(super) roles: BTreeMap<Role, WantedRole>,
}

/// What one role's file wants.
#[derive(Debug)]
pub(super) struct WantedRole {
    pub(super) settings: Settings,
    pub(super) written: BTreeSet<Field>,
    pub(super) products: Vec<ProductEntry>,
    pub(super) default: bool,
    pub(super) unmanaged: Unmanaged,
    pub(super) left: Settings,
}

/// One role's file while it is being checked.
pub(crate) struct RoleFile {
    pub(crate) role: Role,
    pub(crate) file: FileId,
    pub(crate) declared: Declared,
    pub(crate) unmanaged: Unmanaged,
    /// What the file and `defaults` would say of what is unmanaged.
    left: Settings,
}

impl RoleFile {
    /// The file as a whole, for what is missing from it.
    pub(crate) fn start(&self) -> Span {
        Span { file: self.file, start: 0, end: 0 }
    }

    /// A problem of this file, also where it shows in `defaults`, which many files have.
    pub(crate) fn blamed(&self, diagnostic: Diagnostic) -> Diagnostic {
        if diagnostic.at.file == self.file {
            return diagnostic;
        }
        let label = format!("`{}` has it from `defaults`", self.role);
        diagnostic.related(self.start(), label)
    }

    /// True if the file decides about this field.
    pub(crate) fn manages(&self, field: Field) -> bool {
        !self.unmanaged.covers(&field.into())
    }

    /// True if a rule about this field can be checked: the file decides about it, it counts, and
    /// what the file says of it was understood.
    pub(crate) fn judges(&self, field: Field) -> bool {
        let declared = &self.declared;
        self.manages(field) && declared.counts(field) && declared.is_sound(field.path())
    }
}

/// Reads and checks all roles for an environment. Every problem is in the bag; what is wanted is
/// complete only if the bag has no error.
///
/// `today` decides which waivers still hold.
pub fn resolve(
    files: &Files,
    project: &ProjectFile,
    environment: &Environment,
    today: Date,
) -> (Wanted, Bag) {
    let (role_files, roles, bag) = checked(files, project, environment, today);
    let names = role_files.into_iter().map(|file| file.role);
    (Wanted { project: project.project.clone(), roles: names.zip(roles).collect() }, bag)
}

/// Which line decides each value of each role, and what it is.
///
/// Returns every problem of the files if there is one.
pub fn trace(
    files: &Files,
    project: &ProjectFile,
    environment: &Environment,
    today: Date,
) -> Result<BTreeMap<Role, Vec<Traced>>, Bag> {
    let (role_files, roles, bag) = checked(files, project, environment, today);
    if bag.has_errors() {
        return Err(bag);
    }
    let trace = |(file, wanted): (&RoleFile, &WantedRole)| {
        let settings = written_out(&file.role, &file.declared);
        (file.role.clone(), origin::trace(file, &settings, &wanted.products))
    };
    Ok(role_files.iter().zip(&roles).map(trace).collect())
}

/// Every role's file, and what it wants.
fn checked(
    files: &Files,
    project: &ProjectFile,
    environment: &Environment,
    today: Date,
) -> (Vec<RoleFile>, Vec<WantedRole>, Bag) {
    let mut bag = files.bag.clone();
    let mut reader = Reader { variables: &environment.variables, bag: &mut bag };
    let defaults = project.defaults.as_ref().map(|node| configuration::read(&mut reader, node));
    if let Some(defaults) = &defaults {
        for waiver in &defaults.waivers {
            let message = "a lint is waived in the file of the role that it is about";
            reader.bag.push(Diagnostic::new(Code::InvalidWaiver, waiver.code.span, message));
        }
        if let Some(default) = &defaults.default {
            let message = "only one role can manage the account's default";
            let help = "write `default: true` in the file of that role";
            reader.bag.push(Diagnostic::new(Code::UnknownKey, default.span, message).help(help));
        }
        rules::unmanaged(defaults, &defaults.unmanaged, reader.bag);
    }
    let (role_files, problems) = role_files(files, &environment.variables, defaults.as_ref());
    bag.extend(problems);
    rules::check(&role_files, &mut bag);
    let roles: Vec<WantedRole> = role_files.iter().map(want).collect();
    if !bag.has_errors() {
        lint(&role_files, &roles, environment.mode, today, &mut bag);
    }
    (role_files, roles, bag)
}

/// Reads the roles' files, on all processors: it is half of the work between files and a plan.
fn role_files(
    files: &Files,
    variables: &Variables,
    defaults: Option<&Declared>,
) -> (Vec<RoleFile>, Bag) {
    let n_processors = available_parallelism().map_or(1, NonZero::get);
    let n_threads = n_processors.min(files.roles.len().div_ceil(SHARE)).max(1);
    let shares = Mutex::new(files.roles.chunks(SHARE).enumerate());
    let next = || shares.lock().expect(UNPOISONED).next();
    let read = || {
        let mut done = Vec::new();
        while let Some((place, share)) = next() {
            let mut bag = Bag::default();
            let read = |named| role_file(files, named, variables, defaults, &mut bag);
            let role_files: Vec<_> = share.iter().filter_map(read).collect();
            done.push((place, role_files, bag));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let helpers: Vec<_> = (1..n_threads).map(|_| scope.spawn(read)).collect();
        let mut done = read();
        for helper in helpers {
            done.extend(helper.join().expect(UNPOISONED));
        }
        done
    });
    done.sort_unstable_by_key(|(place, ..)| *place);
    let mut all = (Vec::new(), Bag::default());
    for (_, role_files, bag) in done {
        all.0.extend(role_files);
        all.1.extend(bag);
    }
    all
}

/// How many files a thread takes at once.
const SHARE: usize = 16;

const UNPOISONED: &str = "reading a file doesn't panic";

/// Lints judge what is wanted as a whole, so they wait until it is.
fn lint(files: &[RoleFile], roles: &[WantedRole], mode: Mode, today: Date, bag: &mut Bag) {
    let subjects: Vec<Subject<'_>> =
        files.iter().zip(roles).map(|(file, wanted)| Subject { file, wanted }).collect();
    for subject in &subjects {
        let found = lints::check(subject, &subjects, mode);
        let waived = &subject.file.declared.waivers;
        waivers::apply(waived, found, today, |code| lints::looks_at(code, mode), bag);
    }
}

/// One role's file, with `defaults` filled in. Nothing if it isn't YAML.
fn role_file(
    files: &Files,
    (role, file): &(Role, FileId),
    variables: &Variables,
    defaults: Option<&Declared>,
    bag: &mut Bag,
) -> Option<RoleFile> {
    let node = match yaml::parse(&files.sources, *file) {
        Ok(node) => node,
        Err(error) => {
            bag.push(Diagnostic::new(Code::YamlSyntax, error.span, error.message));
            return None;
        }
    };
    let mut declared = configuration::read(&mut Reader { variables, bag }, &node);
    fill_in(&mut declared, defaults, bag);
    let unmanaged = Unmanaged::new(declared.unmanaged.iter().map(|path| path.value.clone()));
    let left = match unmanaged.iter().next() {
        Some(_) => written_out(role, &declared).filtered(|path| unmanaged.covers(path)),
        None => Settings::default(),
    };
    declared.values.retain(|field, _| !unmanaged.covers(&(*field).into()));
    declared.metadata.retain(|key, _| !unmanaged.covers(&FieldPath::Metadata(key.clone())));
    declared.products = declared.products.filter(|_| !unmanaged.covers_products());
    Some(RoleFile { role: role.clone(), file: *file, declared, unmanaged, left })
}

/// A role may leave to the Dashboard what `defaults` has, but it can't set what `defaults` leaves
/// to the Dashboard: nobody could tell which is meant.
fn fill_in(declared: &mut Declared, defaults: Option<&Declared>, bag: &mut Bag) {
    let mut named = declared.unmanaged.clone();
    named.extend(defaults.iter().flat_map(|defaults| defaults.unmanaged.iter().cloned()));
    rules::unmanaged(declared, &named, bag);
    if let Some(defaults) = defaults {
        declared.fill_from(defaults);
    }
}

/// What a file says, with Stripe's defaults where it says nothing.
fn written_out(role: &Role, declared: &Declared) -> Settings {
    let mut settings = Settings::stripe_defaults().clone();
    settings.set(Field::Name.into(), Value::text(role.as_str()));
    for (field, value) in &declared.values {
        settings.set((*field).into(), value.value.clone());
    }
    for (key, text) in &declared.metadata {
        settings.set(FieldPath::Metadata(key.clone()), Value::exact(&text.value));
    }
    settings
}

/// Writes out everything that the file leaves to Stripe's defaults, and leaves out everything that
/// doesn't count.
fn want(file: &RoleFile) -> WantedRole {
    let RoleFile { role, file: _, declared, unmanaged, left } = file;
    let settings = written_out(role, declared);
    let counts =
        |settings: &Settings, path: &FieldPath| !unmanaged.covers(path) && settings.counts(path);
    let products = match &declared.products {
        Some(products) if settings.is_on(Field::SubscriptionUpdate) => {
            with_quantities(products.value.clone(), &settings)
        }
        _ => Vec::new(),
    };
    WantedRole {
        settings: settings.filtered(|path| counts(&settings, path)),
        written: declared.values.keys().copied().collect(),
        products,
        default: declared.default.as_ref().is_some_and(|default| default.value),
        unmanaged: unmanaged.clone(),
        left: left.clone(),
    }
}

/// What Stripe makes of an entry that doesn't speak of quantities is not established, so this
/// program always says it: customers who may change quantities may do so for every product.
fn with_quantities(mut products: Vec<ProductEntry>, settings: &Settings) -> Vec<ProductEntry> {
    let allowed = settings.get(&Field::UpdateAllowed.into());
    let may_change = matches!(allowed, Some(Value::Set(allowed)) if allowed.contains("quantity"));
    let quantity = if may_change {
        Quantity::Adjustable { minimum: Quantity::DEFAULT_MINIMUM, maximum: None }
    } else {
        Quantity::Fixed
    };
    for entry in &mut products {
        entry.quantity.get_or_insert(quantity);
    }
    products
}

impl Wanted {
    /// The lookup keys that have to be looked up in the account.
    pub fn lookup_keys(&self) -> BTreeSet<LookupKey> {
        let entries = self.roles.values().flat_map(|role| &role.products);
        entries.flat_map(|entry| entry.lookup_keys.iter().map(|key| key.value.clone())).collect()
    }

    /// The prices that files name by id.
    pub fn price_ids(&self) -> BTreeSet<PriceId> {
        let entries = self.roles.values().flat_map(|role| &role.products);
        entries.flat_map(|entry| entry.prices.iter().map(|id| id.value.clone())).collect()
    }

    /// The products that a role's file lists, in its order; none while they don't count.
    pub(crate) fn products(&self, role: &Role) -> &[ProductEntry] {
        self.roles.get(role).map(|wanted| wanted.products.as_slice()).unwrap_or_default()
    }

    /// The names of the roles.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.keys()
    }
}
