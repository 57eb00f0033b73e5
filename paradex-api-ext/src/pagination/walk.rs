//! Following cursors to the end of a list.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

/// How many empty pages in a row are read.
const MOST_EMPTY: usize = 100;
const REPEATED: &str = "its `next` is a cursor that was used before, so the list would never end";
const EMPTY: &str = "it is the 100th empty page in a row and has a next cursor, so the list may never end";

/// The position in a list, and whether there is a next page. It knows cursors and no calls.
pub(super) struct Walk {
    /// The cursor of the next page; at the end, that of the last page.
    pub(super) cursor: Option<String>,
    /// Digests of all cursors so far. A digest has a fixed size; a cursor is as long as the server makes it.
    seen: HashSet<[u8; 32]>,
    empty: usize,
    pub(super) stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    InProgress,
    Complete,
    Failed,
}

impl Walk {
    /// Starts at a cursor, or at the first page.
    pub(super) fn start(cursor: Option<String>) -> Self {
        let cursor = cursor.filter(|cursor| !cursor.is_empty());
        Self {
            seen: cursor.as_deref().map(digest).into_iter().collect(),
            cursor,
            empty: 0,
            stage: Stage::InProgress,
        }
    }

    /// Advances to the next cursor, which the page at the current one contains.
    pub(super) fn arrived(&mut self, next: Option<String>, is_empty: bool) -> Result<(), &'static str> {
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        let Some(next) = next.filter(|next| !next.is_empty()) else {
            self.stage = Stage::Complete;
            return Ok(());
        };
        if !self.seen.insert(digest(&next)) {
            self.stage = Stage::Failed;
            return Err(REPEATED);
        }
        self.cursor = Some(next);
        if self.empty >= MOST_EMPTY {
            self.stage = Stage::Failed;
            return Err(EMPTY);
        }
        Ok(())
    }
}

fn digest(cursor: &str) -> [u8; 32] {
    Sha256::digest(cursor.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{EMPTY, MOST_EMPTY, REPEATED, Stage, Walk};

    /// For each page: the next page, if there is one, and whether the page is empty.
    type List = Vec<(Option<usize>, bool)>;

    fn lists() -> impl Strategy<Value = List> {
        let wild = (1_usize..20)
            .prop_flat_map(|pages| prop::collection::vec((prop::option::of(0..pages), any::<bool>()), pages));
        // Long ones that end, with a run of empty pages somewhere.
        let long = (1_usize..300, 0_usize..300, 0_usize..150).prop_map(|(pages, from, run)| {
            (0..pages)
                .map(|page| {
                    let next = Some(page + 1).filter(|next| *next < pages);
                    (next, (from..from + run).contains(&page))
                })
                .collect()
        });
        prop_oneof![wild, long]
    }

    fn name(page: usize) -> String {
        format!("page {page}")
    }

    fn number(cursor: &str) -> usize {
        cursor.strip_prefix("page ").unwrap().parse().unwrap()
    }

    /// The pages that were requested, and how it ended.
    fn walk(list: &List, from: usize) -> (Vec<usize>, Walk, Result<(), &'static str>) {
        let mut walk = Walk::start(Some(name(from)));
        let mut requested = Vec::new();
        loop {
            let page = number(walk.cursor.as_deref().unwrap());
            requested.push(page);
            let (next, is_empty) = list[page];
            let arrived = walk.arrived(next.map(name), is_empty);
            if arrived.is_err() || walk.stage != Stage::InProgress {
                return (requested, walk, arrived);
            }
        }
    }

    proptest! {
        #[test]
        fn pages_are_requested_once_and_in_order(list in lists()) {
            let (requested, walk, ended) = walk(&list, 0);
            for pair in requested.windows(2) {
                prop_assert_eq!(list[pair[0]].0, Some(pair[1]));
            }
            let mut unique = requested.clone();
            unique.sort_unstable();
            unique.dedup();
            prop_assert_eq!(unique.len(), requested.len());

            let last = *requested.last().unwrap();
            let at = number(walk.cursor.as_deref().unwrap());
            let run = requested.iter().rev().take_while(|page| list[**page].1).count();
            prop_assert!(run <= MOST_EMPTY);
            match ended {
                Ok(()) => {
                    prop_assert_eq!((list[last].0, at, walk.stage), (None, last, Stage::Complete));
                }
                Err(REPEATED) => {
                    prop_assert!(list[last].0.is_some_and(|next| requested.contains(&next)));
                    prop_assert_eq!((at, walk.stage), (last, Stage::Failed));
                }
                Err(what) => {
                    prop_assert_eq!((what, run, walk.stage), (EMPTY, MOST_EMPTY, Stage::Failed));
                    prop_assert_eq!(Some(at), list[last].0);
                }
            }
        }

        #[test]
        fn resumed_walk_reads_the_same_pages(pages in 1_usize..50, cut in 0_usize..50) {
            let list: List = (0..pages).map(|page| (Some(page + 1).filter(|next| *next < pages), false)).collect();
            let (whole, ..) = walk(&list, 0);
            let cut = cut % pages;
            let (rest, ..) = walk(&list, cut);
            prop_assert_eq!(&whole[cut..], &rest[..]);
        }
    }

    #[test]
    fn empty_text_is_not_a_cursor() {
        assert_eq!(Walk::start(Some(String::new())).cursor, None);
        let mut walk = Walk::start(None);
        assert_eq!(walk.arrived(Some(String::new()), false), Ok(()));
        assert_eq!((walk.stage, walk.cursor), (Stage::Complete, None));
    }
}
