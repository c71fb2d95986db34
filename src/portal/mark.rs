//! What is different from another portal.

use maud::{Markup, html};

use super::Portal;
use super::words::Words;

/// Which of two portals this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that customers have.
    Before,
    /// The one that they are going to have.
    After,
}

/// How a part compares with the other portal's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is there as well.
    Same,
    /// It is there as well, and different.
    Different,
    /// It is here only.
    Alone,
}

/// The other portal, if there is one to compare with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared<'p>(pub(super) Option<(Side, &'p Portal)>);

impl Compared<'_> {
    /// Compares a part that this portal has.
    pub(super) fn mark<T: PartialEq>(
        self,
        portal: &Portal,
        part: impl Fn(&Portal) -> Option<T>,
    ) -> Mark {
        let Some((_, other)) = self.0 else { return Mark::Same };
        match part(other) {
            None => Mark::Alone,
            other if other == part(portal) => Mark::Same,
            Some(_) => Mark::Different,
        }
    }

    /// The word for it, where there is something to say.
    pub(super) fn badge(self, mark: Mark) -> Markup {
        let Some((side, _)) = self.0 else { return html! {} };
        let words = match (side, mark) {
            (_, Mark::Same) => return html! {},
            (Side::Before, Mark::Different) => Words::new("changes", "変更前"),
            (Side::Before, Mark::Alone) => Words::new("goes away", "なくなる"),
            (Side::After, Mark::Different) => Words::new("changed", "変更後"),
            (Side::After, Mark::Alone) => Words::new("new", "追加"),
        };
        let class = match side {
            Side::Before => "badge before",
            Side::After => "badge after",
        };
        html! { " " span class=(class) { (words) } }
    }
}
