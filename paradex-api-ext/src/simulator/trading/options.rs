//! The options on which prices and ids depend: the first line of a trading log, so that no other simulation continues with it.

use serde::{Deserialize, Serialize};

use super::Liquidity;
use crate::simulator::market::{MarketSpec, Markets};
use crate::simulator::state::Settings;

/// It changes when the engine would do something else with the commands of a log.
const FORMAT: &str = "2";

/// Options with their values, as texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Options {
    options: Vec<(String, String)>,
}

impl Options {
    pub(super) fn new(settings: &Settings, markets: &Markets) -> Self {
        let liquidity = match settings.liquidity {
            Liquidity::None => "none",
            Liquidity::Simulated => "simulated",
        };
        let mut options = vec![
            ("seed".to_owned(), settings.seed.to_string()),
            ("liquidity".to_owned(), liquidity.to_owned()),
            ("speed".to_owned(), settings.speed.to_string()),
        ];
        let mut specs: Vec<&MarketSpec> = markets.specs().collect();
        specs.sort_by(|one, other| one.symbol.cmp(&other.symbol));
        for (number, spec) in (1..).zip(specs) {
            options.push((format!("market {number}"), spec.symbol.clone()));
            let fields = spec.fields().into_iter();
            options.extend(fields.map(|(name, value)| (format!("{}: {name}", spec.symbol), value)));
        }
        options.push(("format".to_owned(), FORMAT.to_owned()));
        Self { options }
    }

    /// Returns the first option that has another value now, with both values.
    pub(super) fn difference(&self, now: &Self) -> Option<String> {
        let longer = self.options.len().max(now.options.len());
        let mut pairs = (0..longer).map(|index| (self.options.get(index), now.options.get(index)));
        let (before, now) = pairs.find(|(before, now)| before != now)?;
        let (name, _) = before.or(now)?;
        let value = |option: Option<&(String, String)>| match option {
            Some((other, value)) if other == name => value.clone(),
            _ => "none".to_owned(),
        };
        Some(format!("{name} {}, now {}", value(before), value(now)))
    }
}
