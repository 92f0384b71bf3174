//! The reference interpreter, generators and corpus loader behind the tests of gradus.
