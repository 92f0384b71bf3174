//! Program × lead → outcome.

pub(crate) mod reading;
