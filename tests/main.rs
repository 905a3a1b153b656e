//! The one integration-test binary; each module is a part of the house.

mod bundle;
mod cli;
mod corpus;
mod detect;
mod import;
mod model;
#[cfg(feature = "portfolio")]
mod portfolio;
mod rating;
mod report;
mod rules;
mod tidy;
