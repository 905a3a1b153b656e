//! Ties bill lines to expected items (fine print 25 and 26): by name, else by kind.

use crate::model::case::Line;
use crate::model::period::Cycle;
use crate::model::record::{BillLine, Category};
use crate::rating::outcome::{ExpectedItem, RatedLine};
use crate::reconcile::carrier::other_card_word;
use crate::reconcile::name::normalised;
use crate::reconcile::outcome::{TieGroup, TieRule};

/// Returns the groups of every billed cycle. A cycle without a bill is rated for rollover only and has none.
pub(super) fn groups(line: &Line, rated: &RatedLine) -> Vec<TieGroup> {
    line.billed_cycles().into_iter().flat_map(|cycle| groups_of(cycle, line, rated)).collect()
}

/// A bill line or an expected item of the cycle.
#[derive(Clone, Copy)]
enum Node<'a> {
    Line(usize, &'a BillLine),
    Item(usize, &'a ExpectedItem),
}

/// A node with its names, made comparable once.
struct Named<'a> {
    node: Node<'a>,
    names: Vec<String>,
}

impl<'a> Named<'a> {
    fn new(node: Node<'a>) -> Self {
        let names = match node {
            Node::Line(_, line) => vec![normalised(&line.item)],
            Node::Item(_, item) => item.names.iter().map(|name| normalised(name)).collect(),
        };
        Self { node, names }
    }
}

fn groups_of(cycle: Cycle, line: &Line, rated: &RatedLine) -> Vec<TieGroup> {
    let items = rated.cycles.get(&cycle).map_or(&[][..], |rated| &rated.items);
    let lines = line.charges_of(cycle).map(|(index, charge)| Node::Line(index, charge));
    // What a platform was paid for is not on the operator's bill (fine print 7).
    let items = items.iter().enumerate().filter(|(_, item)| !item.paid_elsewhere);
    let nodes: Vec<Node<'_>> = lines.chain(items.map(|(index, item)| Node::Item(index, item))).collect();
    let mut ties = Ties::new(nodes.len());
    let named: Vec<Named<'_>> = nodes.iter().copied().map(Named::new).collect();
    tie_where(&named, &mut ties, TieRule::Name, |a, b| same_name(a, b) || is_twin(a, b));
    let free: Vec<bool> = (0..nodes.len()).map(|node| !ties.is_tied(node, &nodes)).collect();
    tie_free(&nodes, &free, &mut ties);
    ties.into_groups(cycle, &nodes)
}

/// Ties each line that no name ties to every free item of its kinds.
fn tie_free(nodes: &[Node<'_>], free: &[bool], ties: &mut Ties) {
    for (a, node) in nodes.iter().enumerate().filter(|(a, _)| free[*a]) {
        let Node::Line(_, line) = node else { continue };
        // What another card used is not what this line's rules make of its own use.
        if other_card_word(&line.item).is_some() {
            continue;
        }
        for (b, other) in nodes.iter().enumerate().filter(|(b, _)| free[*b]) {
            if matches!(other, Node::Item(_, item) if categories(line).contains(&item.category)) {
                ties.tie(a, b, TieRule::OnlyOfKind);
            }
        }
    }
}

fn tie_where(
    nodes: &[Named<'_>],
    ties: &mut Ties,
    rule: TieRule,
    holds: impl Fn(&Named<'_>, &Named<'_>) -> bool,
) {
    for a in 0..nodes.len() {
        for b in 0..nodes.len() {
            if a != b && holds(&nodes[a], &nodes[b]) {
                ties.tie(a, b, rule);
            }
        }
    }
}

/// Returns the categories of expected items that the line may charge; two for 短彩信费.
fn categories(line: &BillLine) -> Vec<Category> {
    if line.units.is_empty() {
        vec![line.category]
    } else {
        line.units.iter().map(|unit| Category::of_unit(*unit)).collect()
    }
}

fn same_name(a: &Named<'_>, b: &Named<'_>) -> bool {
    matches!((a.node, b.node), (Node::Line(..), Node::Item(..))) && b.names.contains(&a.names[0])
}

/// Returns whether `a` is a reduction of the charge `b`: same item, or its 优惠 or 减免 twin.
fn is_twin(a: &Named<'_>, b: &Named<'_>) -> bool {
    let (Node::Line(_, reduction), Node::Line(_, charge)) = (a.node, b.node) else { return false };
    if !reduction.amount.is_negative() || !charge.amount.is_positive() {
        return false;
    }
    let (reduction, charge) = (&a.names[0], &b.names[0]);
    let bare = ["优惠", "减免"].iter().find_map(|word| {
        reduction
            .strip_prefix(word)
            .or_else(|| reduction.strip_suffix(word))
            .map(|rest| rest.trim_matches(|c: char| matches!(c, '-' | ':' | '：' | '(' | ')')))
    });
    reduction == charge || bare.is_some_and(|bare| bare == charge)
}

/// Which nodes belong together, and by which rule.
struct Ties {
    group: Vec<usize>,
    rule: Vec<TieRule>,
}

impl Ties {
    fn new(nodes: usize) -> Self {
        Self { group: (0..nodes).collect(), rule: vec![TieRule::Alone; nodes] }
    }

    fn tie(&mut self, a: usize, b: usize, rule: TieRule) {
        let (keep, drop) = (self.group[a].min(self.group[b]), self.group[a].max(self.group[b]));
        self.group.iter_mut().filter(|group| **group == drop).for_each(|group| *group = keep);
        self.rule[a] = self.rule[a].min(rule);
        self.rule[b] = self.rule[b].min(rule);
    }

    /// Returns whether the node's group already holds both a line and an item.
    fn is_tied(&self, node: usize, nodes: &[Node<'_>]) -> bool {
        let members = || (0..nodes.len()).filter(|other| self.group[*other] == self.group[node]);
        members().any(|member| matches!(nodes[member], Node::Line(..)))
            && members().any(|member| matches!(nodes[member], Node::Item(..)))
    }

    fn into_groups(self, cycle: Cycle, nodes: &[Node<'_>]) -> Vec<TieGroup> {
        let roots = (0..nodes.len()).filter(|node| self.group[*node] == *node);
        roots.map(|root| self.group_at(root, cycle, nodes)).collect()
    }

    fn group_at(&self, root: usize, cycle: Cycle, nodes: &[Node<'_>]) -> TieGroup {
        let members: Vec<usize> = (0..nodes.len()).filter(|node| self.group[*node] == root).collect();
        let mut group = TieGroup { cycle, lines: vec![], items: vec![], rule: TieRule::Alone };
        for node in &members {
            match nodes[*node] {
                Node::Line(index, _) => group.lines.push(index),
                Node::Item(index, _) => group.items.push(index),
            }
        }
        let rule = members.iter().map(|node| self.rule[*node]).min().unwrap_or(TieRule::Alone);
        group.rule = rule_of(rule, &group, nodes);
        group
    }
}

/// Returns the rule of a finished group: the only item of its kind, or all of the category.
fn rule_of(rule: TieRule, group: &TieGroup, nodes: &[Node<'_>]) -> TieRule {
    if group.lines.is_empty() || group.items.is_empty() {
        return TieRule::Alone;
    }
    let kinds = |index: &usize| {
        nodes.iter().find_map(|node| match node {
            Node::Item(at, item) if at == index => Some(item.category),
            _ => None,
        })
    };
    let mut categories: Vec<Category> = group.items.iter().filter_map(kinds).collect();
    categories.sort();
    let repeated = categories.windows(2).any(|pair| pair[0] == pair[1]);
    if rule == TieRule::OnlyOfKind && repeated { TieRule::Category } else { rule }
}
