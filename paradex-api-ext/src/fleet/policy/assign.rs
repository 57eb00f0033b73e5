//! Matching rules with tokens and subkeys.

use std::collections::HashMap;

use super::error::{PolicyError, listed};
use super::{AllowlistPolicy, Rule, Selector};
use crate::access::target::Target;
use crate::fleet::rotate::base_name;
use crate::fleet::snapshot::{AccountRead, FleetMember, FleetSnapshot};
use crate::fleet::table::one_line;
use crate::signing::key_text::key_digits;

/// Which rule applies to which token or subkey.
#[derive(Default)]
pub(in crate::fleet) struct Assignments<'a> {
    /// The rules of live members, by the address of the member in its snapshot.
    by_member: HashMap<usize, &'a Rule>,
    /// The rules that cannot be applied, by account.
    unmatched: HashMap<&'a str, Vec<Unmatched<'a>>>,
}

/// A rule without a live token or subkey.
pub(in crate::fleet) struct Unmatched<'a> {
    pub(in crate::fleet) rule: &'a Rule,
    pub(in crate::fleet) why: Why<'a>,
}

pub(in crate::fleet) enum Why<'a> {
    /// It selects only revoked or expired ones; this is the last of them.
    Dead(&'a FleetMember),
    /// The account could not be read, for this reason.
    AccountUnread(&'a str),
}

impl<'a> Assignments<'a> {
    /// The rule for a live member of the snapshot that was assigned.
    pub(in crate::fleet) fn rule_for(&self, member: &FleetMember) -> Option<&'a Rule> {
        self.by_member.get(&address(member)).copied()
    }

    /// The rules of this account that have no live token or subkey.
    pub(in crate::fleet) fn unmatched(&self, account: &str) -> &[Unmatched<'a>] {
        self.unmatched.get(account).map_or(&[], Vec::as_slice)
    }
}

/// Members are compared by identity: two may have the same content.
fn address(member: &FleetMember) -> usize {
    std::ptr::from_ref(member).addr()
}

/// The members of one account, by what rules select.
struct Index<'a> {
    account: &'a AccountRead,
    by_token_id: HashMap<&'a str, Vec<&'a FleetMember>>,
    by_key: HashMap<String, Vec<&'a FleetMember>>,
    by_name: HashMap<&'a str, Vec<&'a FleetMember>>,
}

impl<'a> Index<'a> {
    fn new(account: &'a AccountRead) -> Self {
        let mut index = Self {
            account,
            by_token_id: HashMap::new(),
            by_key: HashMap::new(),
            by_name: HashMap::new(),
        };
        for member in &account.members {
            match member.target() {
                Target::Token(id) => index.by_token_id.entry(id).or_default().push(member),
                Target::Subkey(key) => index.by_key.entry(key_digits(key)).or_default().push(member),
            }
            let (name, base) = (member.name(), base_name(member.name()));
            index.by_name.entry(name).or_default().push(member);
            if base != name {
                index.by_name.entry(base).or_default().push(member);
            }
        }
        index
    }

    /// The members that a rule selects, in the order of the list.
    fn select(&self, selector: &Selector) -> Vec<&'a FleetMember> {
        match selector {
            Selector::Id(id) => {
                let tokens = self.by_token_id.get(id.as_str()).into_iter().flatten();
                let is_key = id.starts_with("0x");
                let subkeys = is_key.then(|| self.by_key.get(&key_digits(id))).flatten();
                tokens.chain(subkeys.into_iter().flatten()).copied().collect()
            }
            Selector::Name(name) => self.by_name.get(name.as_str()).cloned().unwrap_or_default(),
            Selector::Kind(kind) => {
                let members = self.account.members.iter();
                members.filter(|member| is_of_kind(member, kind)).collect()
            }
        }
    }
}

fn is_of_kind(member: &FleetMember, kind: &str) -> bool {
    match member.target() {
        Target::Token(_) => kind == "token" || kind == member.kind(),
        Target::Subkey(_) => kind == "subkey",
    }
}

impl AllowlistPolicy {
    /// Finds the tokens and subkeys of each rule.
    pub(in crate::fleet) fn assign<'a>(
        &'a self,
        snapshot: &'a FleetSnapshot,
    ) -> Result<Assignments<'a>, PolicyError> {
        let indexes: HashMap<&str, Index<'_>> = snapshot
            .accounts()
            .iter()
            .map(|read| (read.account.as_str(), Index::new(read)))
            .collect();
        let mut assignments = Assignments::default();
        let mut rules_by_target: HashMap<&Target, &Rule> = HashMap::new();
        for rule in &self.rules {
            let Some(index) = indexes.get(rule.account.as_str()) else {
                let known = snapshot.accounts().iter().map(|read| read.account.as_str());
                let remedy = format!("the accounts are {}", listed(known));
                let text = "there is no account with this name";
                return Err(rule.refused("account", &rule.account, text, remedy));
            };
            let mut leave_out = |why| {
                let unmatched = assignments.unmatched.entry(&index.account.account).or_default();
                unmatched.push(Unmatched { rule, why });
            };
            if let Some(failure) = &index.account.failure {
                leave_out(Why::AccountUnread(failure));
                continue;
            }
            let selected = index.select(&rule.selector);
            let alive: Vec<_> = selected
                .iter()
                .copied()
                .filter(|member| member.is_alive())
                .collect();
            let (field, value) = rule.selector.parts();
            if let Some((one, other)) = rule.selector.ambiguous(&alive) {
                let text = format!("it matches {} and {}", one.target(), other.target());
                return Err(rule.refused(field, value, text, "select by `id`".to_owned()));
            }
            if alive.is_empty() {
                let Some(dead) = selected.last() else {
                    let text = format!("`{}` has no such token or subkey", one_line(&rule.account));
                    let remedy = "check the list of tokens and subkeys, or delete the rule";
                    return Err(rule.refused(field, value, text, remedy.to_owned()));
                };
                leave_out(Why::Dead(dead));
            }
            for member in alive {
                // Two names of one account would lead to the same target, so targets are compared across accounts.
                if !member.id().is_empty()
                    && let Some(other) = rules_by_target.insert(member.target(), rule)
                {
                    let text = format!(
                        "rules[{}] ({other}) also applies to {}",
                        other.index,
                        member.target()
                    );
                    return Err(rule.refused(field, value, text, "keep one of the two rules".to_owned()));
                }
                assignments.by_member.insert(address(member), rule);
            }
        }
        Ok(assignments)
    }
}
