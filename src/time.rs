//! The instant of an evaluation, and the calendar of its zone.
