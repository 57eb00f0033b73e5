//! What happens to connections and their orders: cancel on disconnect, and the end of the credential that has authenticated a
//! connection.

use super::options::{
    AuthOfNarrowedToken, CleanClose, DisconnectScope, SocketOfNarrowedToken, SocketOfRevokedSubkey,
    SocketOfRevokedToken, StreamOptions,
};
use super::rpc::{RpcError, code};
use super::streams::Streams;
use crate::simulator::clock::nanoseconds;
use crate::simulator::engine::{Command, OrderId};
use crate::simulator::faults::{Injection, keeps_orders};
use crate::simulator::session::Standing;
use crate::simulator::state::{Settings, State};
use crate::simulator::trading::Trading;

/// The close code of a connection whose credential has ended. The simulator's own.
const CREDENTIAL_ENDED: u16 = 1008;

/// After how many orders of a connection those that are closed are forgotten.
const MANY: usize = 1_024;

/// What happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    GoesOn,
    Refused,
    Closed,
}

impl Fate {
    fn new(options: &StreamOptions, standing: Standing) -> Self {
        let switches = &options.switches;
        match standing {
            Standing::Good => Self::GoesOn,
            Standing::Revoked => match switches.revoked_token {
                SocketOfRevokedToken::Closed => Self::Closed,
                SocketOfRevokedToken::Refused => Self::Refused,
                SocketOfRevokedToken::GoesOn => Self::GoesOn,
            },
            Standing::SubkeyRevoked => match switches.revoked_subkey {
                SocketOfRevokedSubkey::Closed => Self::Closed,
                SocketOfRevokedSubkey::Refused => Self::Refused,
                SocketOfRevokedSubkey::GoesOn => Self::GoesOn,
            },
            Standing::Narrowed => match switches.narrowed_token {
                SocketOfNarrowedToken::Closed => Self::Closed,
                SocketOfNarrowedToken::Refused => Self::Refused,
                SocketOfNarrowedToken::GoesOn => Self::GoesOn,
            },
        }
    }
}

impl Streams {
    /// Returns the open connections that are authenticated.
    fn authenticated(&self) -> Vec<u64> {
        let open = self.sockets.iter().filter(|socket| !socket.is_finished);
        let found = open.filter(|socket| socket.session.is_some());
        found.map(|socket| socket.number).collect()
    }

    /// Notes that a connection has placed an order.
    pub(super) fn placed(&mut self, number: u64, order: OrderId, trading: &Trading) {
        if let Some(socket) = self.socket(number) {
            socket.placed.push(order);
            if socket.placed.len() >= MANY && socket.placed.len().is_power_of_two() {
                let engine = trading.engine();
                let is_live = |id: &OrderId| engine.order(*id).is_some_and(|order| order.is_live());
                socket.placed.retain(is_live);
            }
        }
    }
}

impl State {
    /// Does what the end of a connection leads to, which the exchange notices at a time. `is_clean` says whether the client has sent a
    /// close frame.
    pub(super) fn disconnected(
        &mut self,
        number: u64,
        is_clean: bool,
        noticed_at: i64,
        injections: &mut Vec<Injection>,
        now: i64,
    ) {
        let switches = self.streams.options.switches.clone();
        let Some(socket) = self.streams.socket(number) else {
            return;
        };
        let placed = std::mem::take(&mut socket.placed);
        let is_armed =
            socket.cancel_on_disconnect && !(is_clean && switches.clean_close == CleanClose::Keeps);
        let account = socket.account.clone().unwrap_or_default();
        let Some(account) = self.trading.account(&account).filter(|_| is_armed) else {
            return;
        };
        if keeps_orders(injections) {
            return;
        }
        let orders = match switches.disconnect_scope {
            DisconnectScope::Connection => placed,
            DisconnectScope::Account => {
                let found = self.trading.engine().account(account);
                found
                    .into_iter()
                    .flat_map(|found| found.live.iter().copied())
                    .collect()
            }
        };
        let due = noticed_at.saturating_add(nanoseconds(switches.disconnect_delay));
        self.pending
            .add(due, Command::CancelDisconnected { account, orders });
        self.run_pending(now);
    }

    /// Closes the connections whose credential has ended, if that is what happens to them.
    pub(in crate::simulator) fn end_sockets(&mut self, settings: &Settings, now: i64) {
        let switches = &self.streams.options.switches;
        let closes = switches.revoked_token == SocketOfRevokedToken::Closed
            || switches.revoked_subkey == SocketOfRevokedSubkey::Closed
            || switches.narrowed_token == SocketOfNarrowedToken::Closed;
        if !closes {
            return;
        }
        for number in self.streams.authenticated() {
            if self.fate(settings, number, now) == Fate::Closed
                && let Some(socket) = self.streams.socket(number)
            {
                socket.close(CREDENTIAL_ENDED, "the credential has ended");
            }
        }
    }

    fn fate(&mut self, settings: &Settings, number: u64, now: i64) -> Fate {
        match self.standing_of(settings, number, now) {
            Some(standing) => Fate::new(&self.streams.options, standing),
            None => Fate::GoesOn,
        }
    }

    fn standing_of(&mut self, settings: &Settings, number: u64, now: i64) -> Option<Standing> {
        let socket = self.streams.socket(number)?;
        let (session, address) = (socket.session.clone()?, socket.address);
        let text = session.token.expose();
        let standing = self.standing(&settings.switches, text, session.expires, address, now);
        // A list that `auth` did not apply does not apply later.
        let is_ignored = standing == Standing::Narrowed
            && settings.stream.switches.narrowed_auth == AuthOfNarrowedToken::Accepted
            && session.was_narrowed;
        (!is_ignored).then_some(standing)
    }

    /// Returns the error of an order method on a connection whose credential has ended.
    pub(super) fn check_standing(
        &mut self,
        settings: &Settings,
        number: u64,
        now: i64,
    ) -> Result<(), RpcError> {
        let Some(standing) = self.standing_of(settings, number, now) else {
            return Ok(());
        };
        let refused = |code, why| Err(RpcError::new(code, why));
        match (Fate::new(&self.streams.options, standing), standing) {
            (Fate::GoesOn, _) => Ok(()),
            (_, Standing::Narrowed) => refused(
                code::FORBIDDEN,
                "the allowlist of the token does not have this address",
            ),
            (_, Standing::SubkeyRevoked) => refused(code::INVALID_BEARER, "the subkey is revoked"),
            _ => refused(code::INVALID_BEARER, "the token is revoked"),
        }
    }
}
