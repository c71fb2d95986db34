//! An object of a seed, taken apart field by field. What nobody takes is unknown.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::emulator::form::{self, Node, Table};
use crate::emulator::store::EmulatorError;

/// The fields that are left of an object.
pub(super) struct Fields {
    /// Where the object stands; empty at the top.
    place: String,
    fields: Map<String, Value>,
}

impl Fields {
    pub(super) fn new(value: Value, place: String) -> Result<Self, EmulatorError> {
        let Value::Object(fields) = value else {
            return Err(wrong(&place, "must be an object"));
        };
        Ok(Self { place, fields })
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name)
    }

    pub(super) fn object(&mut self, name: &str) -> Result<Option<Self>, EmulatorError> {
        let place = self.place_of(name);
        self.take(name).map(|value| Self::new(value, place)).transpose()
    }

    /// A list of objects; none if it is absent.
    pub(super) fn objects(&mut self, name: &str) -> Result<Vec<Self>, EmulatorError> {
        let place = self.place_of(name);
        let object = |(index, item)| Self::new(item, format!("{place}[{index}]"));
        match self.fields.remove(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items.into_iter().enumerate().map(object).collect(),
            Some(_) => Err(self.wrong(name, "must be a list")),
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, EmulatorError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "must be a string")),
        }
    }

    pub(super) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, EmulatorError> {
        let texts = self.take(name).map(serde_json::from_value).transpose();
        texts.map_err(|_| self.wrong(name, "must be a list of strings"))
    }

    /// A mapping of strings.
    pub(super) fn mapping(
        &mut self,
        name: &str,
    ) -> Result<Option<BTreeMap<String, String>>, EmulatorError> {
        let mapping = self.take(name).map(serde_json::from_value).transpose();
        mapping.map_err(|_| self.wrong(name, "must be an object of strings"))
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, EmulatorError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(yes)) => Ok(Some(yes)),
            Some(_) => Err(self.wrong(name, "must be true or false")),
        }
    }

    /// A number from 1 to 10,000.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<u32>, EmulatorError> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        let number = value.as_u64().filter(|number| (1..=10_000).contains(number));
        match number.and_then(|number| u32::try_from(number).ok()) {
            Some(number) => Ok(Some(number)),
            None => Err(self.wrong(name, "must be a number from 1 to 10000")),
        }
    }

    /// All that is left, as the parameters of a request.
    pub(super) fn parameters(self) -> Table {
        match form::from_json(Value::Object(self.fields)) {
            Some(Node::Table(table)) => table,
            Some(Node::Text(_)) | None => Table::new(),
        }
    }

    /// Refuses what is left.
    pub(super) fn end(self) -> Result<(), EmulatorError> {
        match self.fields.keys().next() {
            None => Ok(()),
            Some(name) => Err(wrong(&self.place, format!("unknown field `{name}`"))),
        }
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// A problem with one of the fields.
    pub(super) fn wrong(&self, name: &str, message: impl Into<String>) -> EmulatorError {
        wrong(&self.place_of(name), message)
    }

    fn place_of(&self, name: &str) -> String {
        let dot = if self.place.is_empty() { "" } else { "." };
        format!("{}{dot}{name}", self.place)
    }
}

/// A problem with a seed.
pub(super) fn wrong(place: &str, message: impl Into<String>) -> EmulatorError {
    let place = if place.is_empty() { "seed" } else { place };
    EmulatorError::Seed { place: place.to_owned(), message: message.into() }
}
