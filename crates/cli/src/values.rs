//! Values of leads that could not be read: the first are shown, all are counted.

use crate::error::Verdict;
use crate::input::Leads;
use crate::messages::{Messages, plain};
use crate::rules::count;
use gradus::{DataIssue, DataIssueKind};

/// How many values of the wrong type are shown.
const SHOWN: usize = 20;

/// How many there were so far.
#[derive(Default)]
pub(crate) struct Values {
    unread: usize,
    unknown_labels: usize,
}

impl Values {
    /// Counts what the lead that was read last held that could not be read, and shows it.
    pub(crate) fn report(&mut self, issues: &[DataIssue], leads: &Leads, messages: &Messages) {
        for issue in issues {
            if issue.kind == DataIssueKind::UnknownLabel {
                self.unknown_labels += 1;
                continue;
            }
            self.unread += 1;
            if self.unread <= SHOWN {
                let place = format!("{}:{}", leads.name, leads.line());
                messages.say(&plain(&format!("{place}: {}: {}", issue.path, issue.message)));
            } else if self.unread == SHOWN + 1 {
                messages
                    .say("further values that cannot be read are counted, and listed in the `data_issues` of outcomes");
            }
        }
    }

    /// Values of the wrong type are findings; labels outside their lists are not.
    pub(crate) fn verdict(&self) -> Verdict {
        if self.unread > 0 { Verdict::Findings } else { Verdict::Fine }
    }

    /// `3 values of the wrong type or range`, `4 labels outside their lists`
    pub(crate) fn summary(&self) -> impl Iterator<Item = String> {
        let unread = count(self.unread, "value of the wrong type or range", "values of the wrong type or range");
        let labels = count(self.unknown_labels, "label outside its list", "labels outside their lists");
        [(self.unread, unread), (self.unknown_labels, labels)]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(_, told)| told)
    }
}
