//! The documentation as pages: what the rule language means, what each message means, why the library is made as it
//! is, and how it differs from others.
//!
//! The links between pages are definitions at the end of each file, for readers of the repository; the definitions above
//! each page come first and so hold here.

/// [diagnostics]: crate::docs::diagnostics
/// [mixed-logic]: crate::docs::diagnostics#mixed-logic
/// [chained-comparison]: crate::docs::diagnostics#chained-comparison
/// [cycle]: crate::docs::diagnostics#cycle
/// [grade-gap]: crate::docs::diagnostics#grade-gap
/// [grade-overlap]: crate::docs::diagnostics#grade-overlap
/// [missing-comparison]: crate::docs::diagnostics#missing-comparison
/// [overlap]: crate::docs::diagnostics#overlap
/// [wrong-token]: crate::docs::diagnostics#wrong-token
#[doc = include_str!("language.md")]
pub mod language {}

/// [language]: crate::docs::language
/// [slips]: crate::docs::language#slips
/// [words]: crate::docs::language#words-of-the-language
/// [functions]: crate::docs::language#functions
/// [missing values]: crate::docs::language#missing-values
/// [previous]: crate::docs::language#the-last-outcome-previous
#[doc = include_str!("diagnostics.md")]
pub mod diagnostics {}

/// [language]: crate::docs::language
/// [performance]: crate::docs::performance
#[doc = include_str!("design.md")]
pub mod design {}

#[doc = include_str!("compare.md")]
pub mod compare {}

/// [design]: crate::docs::design
#[doc = include_str!("performance.md")]
pub mod performance {}

/// The Rust of the front page is run; a part of it needs the feature.
#[cfg(all(doctest, feature = "derive"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The same in Chinese.
#[cfg(all(doctest, feature = "derive"))]
#[doc = include_str!("../../README.zh-CN.md")]
struct ReadmeInChinese;
