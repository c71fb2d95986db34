//! Reads typed parameters out of a decoded form and finds what Stripe would refuse about them.
//!
//! A reader takes each parameter that it knows by name. What nobody took is unknown, and refused.
//! Readers don't stop at the first problem: they note it and go on, because Stripe names unknown
//! parameters before anything else.

use std::cell::RefCell;

use super::error::ApiError;
use super::form::{Node, Table};
use super::parameter::Parameter;

/// What an update asks of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edit<T> {
    /// Nothing was sent.
    Keep,
    /// The empty string was sent.
    Clear,
    /// A value was sent.
    Set(T),
}

impl<T> Edit<T> {
    /// Changes a field that is empty (nothing, or an empty list) when it is cleared.
    pub(super) fn apply<U: From<T> + Default>(self, field: &mut U) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = U::default(),
            Self::Set(value) => *field = value.into(),
        }
    }

    /// Changes the value, where there is one.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Edit<U> {
        match self {
            Self::Keep => Edit::Keep,
            Self::Clear => Edit::Clear,
            Self::Set(value) => Edit::Set(change(value)),
        }
    }
}

impl<T> From<Option<T>> for Edit<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}

/// Changes a field that can't be emptied.
pub(super) fn set<T>(value: Option<T>, field: &mut T) {
    if let Some(value) = value {
        *field = value;
    }
}

/// The parameters of one request, or of one object in it.
pub(super) struct Params<'p> {
    /// Where the object stands, such as `features[subscription_update]`; empty at the top.
    path: String,
    fields: Table,
    problems: &'p RefCell<Problems>,
}

/// What was found so far.
#[derive(Default)]
struct Problems {
    unknown: Vec<String>,
    first: Option<ApiError>,
}

/// Reads all parameters of a request.
pub(super) fn read<T>(
    fields: Table,
    reader: impl FnOnce(&mut Params<'_>) -> T,
) -> Result<T, ApiError> {
    let problems = RefCell::default();
    let value = Params { path: String::new(), fields, problems: &problems }.read(reader);
    problems.into_inner().into_result(value)
}

impl Problems {
    fn into_result<T>(self, value: T) -> Result<T, ApiError> {
        match (self.unknown.as_slice(), self.first) {
            ([], None) => Ok(value),
            ([], Some(first)) => Err(first),
            ([name, rest @ ..], _) => {
                let plural = if rest.is_empty() { "" } else { "s" };
                let names = self.unknown.join(", ");
                Err(ApiError::invalid(format!("Received unknown parameter{plural}: {names}"))
                    .code("parameter_unknown")
                    .param(name))
            }
        }
    }
}

impl<'p> Params<'p> {
    /// A parameter that can't be emptied.
    pub(super) fn get<T: Parameter>(&mut self, name: &str) -> Option<T> {
        let node = self.take(name)?;
        let path = self.path_of(name);
        self.value(node, &path)
    }

    /// A parameter that the empty string clears.
    pub(super) fn edit<T: Parameter>(&mut self, name: &str) -> Edit<T> {
        match self.take(name) {
            None => Edit::Keep,
            Some(Node::Text(text)) if text.is_empty() => Edit::Clear,
            Some(node) => {
                let path = self.path_of(name);
                self.value(node, &path).into()
            }
        }
    }

    /// A parameter that is an object.
    pub(super) fn object<T>(
        &mut self,
        name: &str,
        reader: impl FnOnce(&mut Params<'_>) -> T,
    ) -> Option<T> {
        let node = self.take(name)?;
        let path = self.path_of(name);
        self.inner(node, path).map(|inner| inner.read(reader))
    }

    /// A parameter that is a list of objects.
    pub(super) fn objects<T>(
        &mut self,
        name: &str,
        reader: impl Fn(&mut Params<'_>) -> T,
    ) -> Option<Vec<T>> {
        let node = self.take(name)?;
        let path = self.path_of(name);
        self.list(node, &path, |params, item, path| {
            params.inner(item, path).map(|inner| inner.read(&reader))
        })
    }

    /// A list of objects that the empty string clears.
    pub(super) fn edit_objects<T>(
        &mut self,
        name: &str,
        reader: impl Fn(&mut Params<'_>) -> T,
    ) -> Edit<Vec<T>> {
        if self.is_cleared(name) {
            self.take(name);
            return Edit::Clear;
        }
        self.objects(name, reader).into()
    }

    /// Notes a problem for each of these parameters that is absent.
    pub(super) fn require(&self, names: &[&str]) {
        for name in names {
            if self.fields.iter().all(|(held, _)| held != name) {
                self.problem(ApiError::missing(self.path_of(name)));
            }
        }
    }

    /// Refuses parameters that Stripe knows and this emulator doesn't, in words of their own: they
    /// aren't unknown, and to drop them silently would be wrong.
    pub(super) fn not_emulated(&mut self, names: &[&str]) {
        for name in names {
            if self.take(name).is_some() {
                let path = self.path_of(name);
                self.problem(
                    ApiError::invalid(format!("The emulator doesn't support {path}.")).param(&path),
                );
            }
        }
    }

    /// Notes a problem; the first one is the answer, unless a parameter is unknown.
    pub(super) fn problem(&self, problem: ApiError) {
        self.problems.borrow_mut().first.get_or_insert(problem);
    }

    /// The full name of a parameter of this object.
    pub(super) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}[{name}]", self.path) }
    }

    /// Reads this object to its end: what is left over is unknown.
    fn read<T>(mut self, reader: impl FnOnce(&mut Params<'_>) -> T) -> T {
        let value = reader(&mut self);
        let unknown = self.fields.iter().map(|(name, _)| self.path_of(name));
        self.problems.borrow_mut().unknown.extend(unknown);
        value
    }

    fn take(&mut self, name: &str) -> Option<Node> {
        let position = self.fields.iter().position(|(held, _)| held == name)?;
        Some(self.fields.remove(position).1)
    }

    fn is_cleared(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|(held, node)| held == name && matches!(node, Node::Text(text) if text.is_empty()))
    }

    pub(super) fn value<T: Parameter>(&self, node: Node, path: &str) -> Option<T> {
        if matches!(&node, Node::Text(text) if text.is_empty()) {
            self.problem(empty(path));
            return None;
        }
        T::read(self, node, path)
    }

    fn inner(&self, node: Node, path: String) -> Option<Params<'p>> {
        match node {
            Node::Table(fields) => Some(Params { path, fields, problems: self.problems }),
            Node::Text(_) => {
                self.problem(ApiError::invalid("Invalid object").param(path));
                None
            }
        }
    }

    pub(super) fn list<T>(
        &self,
        node: Node,
        path: &str,
        item: impl Fn(&Self, Node, String) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(nodes) = elements(node) else {
            self.problem(ApiError::invalid("Invalid array").param(path));
            return None;
        };
        let read = |(index, node)| item(self, node, format!("{path}[{index}]"));
        nodes.into_iter().enumerate().map(read).collect()
    }
}

/// The items of a list in the order of their numbers, or nothing if it isn't a list.
fn elements(node: Node) -> Option<Vec<Node>> {
    let Node::Table(fields) = node else {
        return None;
    };
    let mut numbered = fields
        .into_iter()
        .map(|(name, node)| Some((name.parse::<u32>().ok()?, node)))
        .collect::<Option<Vec<_>>>()?;
    numbered.sort_by_key(|(number, _)| *number);
    Some(numbered.into_iter().map(|(_, node)| node).collect())
}

fn empty(path: &str) -> ApiError {
    ApiError::invalid(format!(
        "You passed an empty string for '{path}'. We assume empty values are an attempt to unset a \
         parameter; however '{path}' cannot be unset. You should remove '{path}' from your request \
         or supply a non-empty value."
    ))
    .code("parameter_invalid_empty")
    .param(path)
}
