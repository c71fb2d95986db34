//! What an account holds. It knows nothing of requests and answers.
//!
//! Test and live are two sides of one account. A connected account is another `State`.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::catalogue::{Price, Product};
use super::configuration::Configuration;
use super::customers::Customer;
use super::error::ApiError;
use super::idempotency::SavedAnswer;
use super::ids::Account;
use super::quirks::Quirks;
use super::session::Session;

/// An account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    pub(super) account: Account,
    pub(super) test: Side,
    pub(super) live: Side,
}

/// One mode of an account. Everything is in the order in which it was created.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Side {
    pub(super) configurations: Vec<Configuration>,
    pub(super) products: Vec<Product>,
    pub(super) prices: Vec<Price>,
    pub(super) customers: Vec<Customer>,
    pub(super) saved_answers: Vec<SavedAnswer>,
    /// The newest ones.
    #[serde(default)]
    pub(super) sessions: Vec<Session>,
}

/// Something that can be in a list.
pub(super) trait Listed {
    fn id(&self) -> &str;
    fn created(&self) -> i64;
}

/// An object that one side of an account has.
pub(super) trait Object: Listed + 'static {
    /// What Stripe calls it in "No such …".
    const NOUN: &'static str;
    /// What its ids begin with.
    const PREFIX: &'static str;

    fn all(side: &Side) -> &[Self]
    where
        Self: Sized;
    fn all_mut(side: &mut Side) -> &mut Vec<Self>
    where
        Self: Sized;
}

/// Implements [`Object`] for a type of which a side has a list.
macro_rules! object {
    ($type:ty, $noun:literal, $prefix:literal, $list:ident) => {
        impl crate::emulator::state::Listed for $type {
            fn id(&self) -> &str {
                &self.id
            }

            fn created(&self) -> i64 {
                self.created
            }
        }

        impl crate::emulator::state::Object for $type {
            const NOUN: &'static str = $noun;
            const PREFIX: &'static str = $prefix;

            fn all(side: &crate::emulator::state::Side) -> &[Self] {
                &side.$list
            }

            fn all_mut(side: &mut crate::emulator::state::Side) -> &mut Vec<Self> {
                &mut side.$list
            }
        }
    };
}
pub(super) use object;

impl State {
    pub(super) fn side(&self, livemode: bool) -> &Side {
        if livemode { &self.live } else { &self.test }
    }

    pub(super) fn side_mut(&mut self, livemode: bool) -> &mut Side {
        if livemode { &mut self.live } else { &mut self.test }
    }
}

impl Side {
    /// The object with this id.
    pub(super) fn find<T: Object>(&self, id: &str) -> Option<&T> {
        T::all(self).iter().find(|object| object.id() == id)
    }

    /// The configuration of sessions that name none.
    pub(super) fn default_configuration(&self) -> Option<&Configuration> {
        self.configurations.iter().find(|configuration| configuration.is_default)
    }
}

/// What one request acts on, and under which circumstances.
pub(super) struct Call<'a> {
    pub(super) state: &'a mut State,
    /// The accounts that are connected to this one.
    pub(super) connected: &'a [State],
    pub(super) caller: &'a Caller,
    pub(super) quirks: &'a Quirks,
    /// Unix seconds.
    pub(super) now: i64,
}

impl Call<'_> {
    pub(super) fn livemode(&self) -> bool {
        self.caller.livemode
    }

    pub(super) fn side(&self) -> &Side {
        self.state.side(self.livemode())
    }

    pub(super) fn side_mut(&mut self) -> &mut Side {
        let livemode = self.livemode();
        self.state.side_mut(livemode)
    }

    /// The object that the path of a request names.
    pub(super) fn at_path<T: Object>(&self, id: &str) -> Result<&T, ApiError> {
        let found = self.side().find(id);
        found.ok_or_else(|| self.no_such::<T>(id, T::NOUN).status(StatusCode::NOT_FOUND))
    }

    /// The object that a parameter names.
    pub(super) fn at_param<T: Object>(&self, id: &str, param: &str) -> Result<&T, ApiError> {
        let found = self.side().find(id);
        found.ok_or_else(|| self.no_such_at_param::<T>(id, param))
    }

    /// The refusal of an id in a parameter.
    pub(super) fn no_such_at_param<T: Object>(&self, id: &str, param: &str) -> ApiError {
        let status = if self.quirks.missing_parameter_object_is_404 {
            StatusCode::NOT_FOUND
        } else {
            StatusCode::BAD_REQUEST
        };
        self.no_such::<T>(id, param).status(status)
    }

    /// An id for a new object, which no other has on either side. A seed may have used up some.
    pub(super) fn next_id<T: Object>(&mut self) -> String {
        loop {
            let id = self.state.account.next_id(T::PREFIX);
            let mut sides = [&self.state.test, &self.state.live].into_iter();
            if sides.all(|side| side.find::<T>(&id).is_none()) {
                return id;
            }
        }
    }

    /// Adds an object that is new.
    pub(super) fn add<T: Object>(&mut self, object: T) {
        assert!(self.side().find::<T>(object.id()).is_none(), "an id is given once");
        T::all_mut(self.side_mut()).push(object);
    }

    /// Puts an object in the place of the one with its id.
    pub(super) fn replace<T: Object>(&mut self, object: T) {
        let held = T::all_mut(self.side_mut()).iter_mut().find(|held| held.id() == object.id());
        *held.expect("what is replaced is there") = object;
    }

    fn no_such<T: Object>(&self, id: &str, param: &str) -> ApiError {
        let noun = T::NOUN;
        let (here, there) = if self.livemode() { ("live", "test") } else { ("test", "live") };
        let elsewhere = match self.state.side(!self.livemode()).find::<T>(id) {
            Some(_) => format!(
                "; a similar object exists in {there} mode, but a {here} mode key was used to make \
                 this request."
            ),
            None => String::new(),
        };
        ApiError::refused(format!("No such {noun}: '{id}'{elsewhere}"))
            .code("resource_missing")
            .param(param)
    }
}
