//! Scenarios: an injected error or an innocent look-alike, and the cases that vary its numbers.

use super::print::Printed;
use super::world::World;

/// One way to spoil or disguise a clean line.
pub struct Scenario {
    /// Detector that it is about.
    pub code: &'static str,
    /// What was done, in words.
    pub name: &'static str,
    /// Whether an error was injected; else it only looks like one.
    pub injected: bool,
    /// How many cases are made of it.
    pub copies: u32,
    /// Does it, and writes down the truth.
    pub build: fn(&mut World),
}

/// Returns a scenario that injects an error.
pub const fn error(code: &'static str, name: &'static str, copies: u32, build: fn(&mut World)) -> Scenario {
    Scenario { code, name, injected: true, copies, build }
}

/// Returns a scenario that only looks like an error.
pub const fn innocent(
    code: &'static str,
    name: &'static str,
    copies: u32,
    build: fn(&mut World),
) -> Scenario {
    Scenario { code, name, injected: false, copies, build }
}

/// A labelled case.
pub struct Case {
    /// `USE-001/declared complete/2`.
    pub name: String,
    /// Detector that it is about.
    pub code: &'static str,
    /// Whether an error was injected.
    pub injected: bool,
    /// Its files and its truth.
    pub printed: Printed,
}

/// Every scenario, by family.
pub fn all_scenarios() -> impl Iterator<Item = &'static Scenario> {
    let families: [&[Scenario]; 19] = [
        super::use_absent::SCENARIOS,
        super::use_edges::SCENARIOS,
        super::use_prices::SCENARIOS,
        super::use_buckets::SCENARIOS,
        super::use_events::SCENARIOS,
        super::use_places::SCENARIOS,
        super::bill_scenarios::SCENARIOS,
        super::sub_packs::SCENARIOS,
        super::sub_services::SCENARIOS,
        super::sub_fees::SCENARIOS,
        super::pay_double::SCENARIOS,
        super::pay_matching::SCENARIOS,
        super::svc_scenarios::SCENARIOS,
        super::wst_scenarios::SCENARIOS,
        super::lawyer_usage::SCENARIOS,
        super::lawyer_money::SCENARIOS,
        super::lawyer_more::SCENARIOS,
        super::pay_parts::SCENARIOS,
        super::real_shapes::SCENARIOS,
    ];
    families.into_iter().flatten()
}

/// Builds every case; the same on every machine.
pub fn all_cases() -> Vec<Case> {
    let copies = |scenario: &'static Scenario| (1..=scenario.copies).map(move |copy| build(scenario, copy));
    all_scenarios().flat_map(copies).collect()
}

/// Returns what the scenario of that code and name does, to do it to other papers.
pub fn doing(code: &str, name: &str) -> fn(&mut World) {
    let own = |scenario: &&Scenario| scenario.code == code && scenario.name == name;
    all_scenarios().find(own).unwrap_or_else(|| panic!("no scenario {code} {name}")).build
}

fn build(scenario: &Scenario, copy: u32) -> Case {
    let name = format!("{}/{}/{copy}", scenario.code, scenario.name);
    let mut world = World::named(&name);
    (scenario.build)(&mut world);
    Case { name, code: scenario.code, injected: scenario.injected, printed: world.print() }
}
