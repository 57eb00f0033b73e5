//! `paradex tokens` and `paradex subkeys`.

use std::fmt::Write as _;

use paradex_api_ext::allowlist::Target;
use paradex_api_ext::error::{CreateTokenError, RegisterSubkeyError, RevokeError};
use paradex_api_ext::fleet::FleetMember;
use paradex_api_ext::net::{CidrSet, IpAllowlist, OpenTo, StoredAllowlist};
use paradex_api_ext::paradex_api::Secret;
use paradex_api_ext::signing::StarknetPrivateKey;
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, Error};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::{CreateSubkey, CreateToken, Dry, From, List, Subkeys, Tokens};
use crate::console::{Console, Exit, Failure, chain, line};
use crate::rotate::{self, CredentialKind};
use crate::world::{ClientSource, fleet, one};

pub(crate) async fn tokens(
    command: &Tokens,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match command {
        Tokens::List(list) => {
            let is_token = |member: &FleetMember| matches!(member.target(), Target::Token(_));
            show(list, is_token, named, world, console).await
        }
        Tokens::Create(create) => create_token(create, named, world, console).await,
        Tokens::Rotate(command) => rotate::run(command, CredentialKind::Token, named, world, console).await,
        Tokens::Revoke { id, dry } => revoke(Target::Token(id.clone()), *dry, named, world, console).await,
    }
}

pub(crate) async fn subkeys(
    command: &Subkeys,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match command {
        Subkeys::List(list) => {
            let is_subkey = |member: &FleetMember| matches!(member.target(), Target::Subkey(_));
            show(list, is_subkey, named, world, console).await
        }
        Subkeys::Create(create) => create_subkey(create, named, world, console).await,
        Subkeys::Rotate(command) => rotate::run(command, CredentialKind::Subkey, named, world, console).await,
        Subkeys::Revoke { id, dry } => revoke(Target::Subkey(id.clone()), *dry, named, world, console).await,
    }
}

async fn show(
    list: &List,
    is_meant: impl Fn(&FleetMember) -> bool,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let fleet = fleet(named.iter().map(String::as_str), world)?;
    let mut snapshot = fleet.read().await;
    snapshot.retain(|member| is_meant(member) && (list.all || member.is_alive()));
    console.result(&snapshot, &snapshot)?;
    let unread = snapshot.failures().count();
    Ok(match unread {
        0 => Exit::Done,
        some if some < fleet.accounts().count() => Exit::Partly,
        _ => Exit::Failed,
    })
}

impl From {
    fn list(&self) -> Result<IpAllowlist, Failure> {
        match self.unrestricted {
            true => Ok(IpAllowlist::Unrestricted),
            false => Ok(IpAllowlist::from(CidrSet::new(self.from.iter().copied())?)),
        }
    }
}

/// What was made, or would be.
#[derive(Serialize)]
struct Created<'a> {
    account: &'a str,
    environment: String,
    target: Option<Target>,
    name: &'a str,
    allowlist: &'a IpAllowlist,
    open_to: Option<OpenTo>,
    secret_to: Option<String>,
    secret: Option<&'a str>,
    dry_run: bool,
}

impl Created<'_> {
    /// What the question adds about it.
    fn which(&self) -> String {
        let open_to = self.open_to.map(|open_to| format!(", which will be {open_to}"));
        open_to.unwrap_or_default()
    }

    fn text(&self) -> String {
        let target = self.target.as_ref().map(Target::to_string);
        let mut text = match (&target, self.dry_run) {
            (Some(target), false) => format!("created {target}"),
            (Some(target), true) => format!("would create {target}"),
            (None, false) => "created a token whose id the exchange did not tell".to_owned(),
            (None, true) => "would create a token".to_owned(),
        };
        text.push_str(&format!(
            "\n  name       {}\n  account    {} at {}\n  allowlist  {}\n",
            line(self.name),
            line(self.account),
            self.environment,
            self.allowlist
        ));
        if let Some(open_to) = self.open_to {
            text.push_str(&format!("  warning    {open_to}\n"));
        }
        if let Some(place) = &self.secret_to {
            text.push_str(&format!("  secret     {}\n", line(self.secret.unwrap_or(place))));
        }
        for warning in self.allowlist.warnings() {
            text.push_str(&format!("  warning    {warning}\n"));
        }
        if self.dry_run {
            text.push_str("dry run: nothing was changed\n");
        }
        text
    }
}

async fn create_token(
    create: &CreateToken,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = one(named, world)?;
    let list = create.from.list()?;
    list.check_limit()?;
    let new = NewToken::new(&create.name, &create.token_type, create.lifetime, list.clone())
        .map_err(|error| Failure::of(Exit::Usage, &error))?;
    let place = create.secret.place();
    let mut created = Created {
        account,
        environment: client.environment().to_string(),
        target: None,
        name: &create.name,
        allowlist: &list,
        open_to: list.open_to(),
        secret_to: Some(place.to_string()),
        secret: None,
        dry_run: create.dry.dry_run,
    };
    if created.dry_run {
        console.result(&created, created.text())?;
        return Ok(Exit::Done);
    }
    console.confirm(
        &format!("create the token `{}`{}", line(&create.name), created.which()),
        &[(account, &client)],
    )?;
    // A place that cannot be had is found out while there is no token yet.
    let mut sink = place.open()?;
    let made = match client.tokens().create(new).await {
        Ok(made) => made,
        Err(CreateTokenError::AllowlistMismatch(other)) => {
            sink.discard();
            let text = chain(&other);
            return Err(take_back(&client, other.token().lookup_id(), text).await);
        }
        Err(error) => {
            sink.discard();
            let open = matches!(
                error,
                CreateTokenError::OutcomeUnknown(_) | CreateTokenError::NotUnderstood(_)
            );
            return Err(Failure::of(
                if open { Exit::Partly } else { Exit::Failed },
                &error,
            ));
        }
    };
    if let Err(failure) = sink.write(made.secret()) {
        sink.discard();
        return Err(take_back(&client, made.lookup_id(), failure.to_string()).await);
    }
    created.target = Some(made.lookup_id())
        .filter(|id| !id.is_empty())
        .map(|id| Target::Token(id.to_owned()));
    created.secret = sink.shown(made.secret());
    console.result(&created, created.text())?;
    Ok(Exit::Done)
}

/// Revokes a token that nobody has the text of.
async fn take_back(client: &Client, lookup_id: &str, why: String) -> Failure {
    match client.tokens().revoke(lookup_id).await {
        Ok(()) => Failure::new(Exit::Failed, format!("{why}; the new token was revoked")),
        Err(error) => Failure::new(
            Exit::Partly,
            format!(
                "{why}; and the new token `{}` could not be revoked, so do that: {}",
                line(lookup_id),
                chain(&error)
            ),
        ),
    }
}

async fn create_subkey(
    create: &CreateSubkey,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = one(named, world)?;
    let list = create.from.list()?;
    list.check_limit()?;
    let own = match &create.key.public_key {
        Some(_) => None,
        None => Some(new_key()?),
    };
    let public_key = match (&create.key.public_key, &own) {
        (Some(key), _) => key.clone(),
        (None, Some((_, public))) => public.clone(),
        (None, None) => String::new(),
    };
    let new = NewSubkey::new(&create.name, &public_key, list.clone())
        .map_err(|error| Failure::of(Exit::Usage, &error))?;
    let place = create.key.place();
    let mut created = Created {
        account,
        environment: client.environment().to_string(),
        target: Some(Target::Subkey(public_key)),
        name: &create.name,
        allowlist: &list,
        open_to: list.open_to(),
        secret_to: own.as_ref().map(|_| place.to_string()),
        secret: None,
        dry_run: create.dry.dry_run,
    };
    if created.dry_run {
        // A key that is thrown away is none to show.
        created.target = create.key.public_key.clone().map(Target::Subkey);
        let text = created
            .text()
            .replace("would create a token", "would create a subkey");
        console.result(&created, text)?;
        return Ok(Exit::Done);
    }
    console.confirm(
        &format!("register the subkey `{}`{}", line(&create.name), created.which()),
        &[(account, &client)],
    )?;
    // The private key is kept before it is worth something.
    let mut sink = None;
    if let Some((secret, _)) = &own {
        let mut open = place.open()?;
        if let Err(failure) = open.write(secret) {
            open.discard();
            return Err(failure);
        }
        sink = Some(open);
    }
    if let Err(error) = client.subkeys().register(new).await {
        if matches!(error, RegisterSubkeyError::OutcomeUnknown(_)) {
            // It may be registered, and then its private key is needed.
            return Err(Failure::of(Exit::Partly, &error));
        }
        if let Some(sink) = sink {
            sink.discard();
        }
        return Err(error.into());
    }
    if let (Some(sink), Some((secret, _))) = (&sink, &own) {
        created.secret = sink.shown(secret);
    }
    console.result(&created, created.text())?;
    Ok(Exit::Done)
}

/// A new private key in hexadecimal digits, and its public key.
fn new_key() -> Result<(Secret, String), Failure> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut()).map_err(|error| {
        Failure::new(
            Exit::Failed,
            format!("the system gives no random numbers: {error}"),
        )
    })?;
    // 251 bits are below the order of the curve, so only 0 is refused.
    let [first, ..] = &mut *bytes;
    *first &= 7;
    let public = StarknetPrivateKey::from_bytes(&bytes)?.public_key().to_string();
    // Of one size, because a text that grows leaves copies behind.
    let mut digits = Zeroizing::new(String::with_capacity(66));
    digits.push_str("0x");
    for byte in bytes.iter() {
        // Writing to a String does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    Ok((Secret::new(digits.as_str()), public))
}

#[derive(Serialize)]
struct Revoked<'a> {
    account: &'a str,
    target: &'a Target,
    name: &'a str,
    revoked: bool,
    dry_run: bool,
}

async fn revoke(
    target: Target,
    dry: Dry,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = one(named, world)?;
    // What is revoked is shown by its name first: an id is easily mistaken.
    let (name, _) = find(&target, &client).await?;
    let what = format!("{target} `{}`", line(&name));
    let mut revoked = Revoked {
        account,
        target: &target,
        name: &name,
        revoked: false,
        dry_run: dry.dry_run,
    };
    if dry.dry_run {
        console.result(
            &revoked,
            format!("would revoke {what}\ndry run: nothing was changed"),
        )?;
        return Ok(Exit::Done);
    }
    console.confirm(&format!("revoke {what}"), &[(account, &client)])?;
    let outcome = match &target {
        Target::Token(id) => client.tokens().revoke(id).await,
        Target::Subkey(key) => client.subkeys().revoke(key).await,
        _ => return Err(Failure::usage("neither a token nor a subkey")),
    };
    match outcome {
        Ok(()) => {
            revoked.revoked = true;
            console.result(&revoked, format!("revoked {what}"))?;
            Ok(Exit::Done)
        }
        Err(error @ (RevokeError::OutcomeUnknown(_) | RevokeError::NotUnderstood(_))) => {
            Err(Failure::of(Exit::Partly, &error))
        }
        Err(error) => Err(error.into()),
    }
}

/// The name and the list of a token or a subkey.
pub(crate) async fn find(target: &Target, client: &Client) -> Result<(String, StoredAllowlist), Failure> {
    let found = match target {
        Target::Token(id) => {
            let tokens = client.tokens().list().with_revoked_and_expired().send().await?;
            let found = tokens.iter().find(|token| token.lookup_id() == id);
            found.map(|token| (token.name().to_owned(), token.allowlist().clone()))
        }
        Target::Subkey(key) => match client.subkeys().get(key).await {
            Ok(subkey) => Some((subkey.name().to_owned(), subkey.allowlist().clone())),
            Err(error @ Error::Api(_)) if error.status().is_some_and(|status| status == 404) => None,
            Err(error) => return Err(error.into()),
        },
        _ => None,
    };
    found.ok_or_else(|| {
        Failure::new(
            Exit::Failed,
            format!("the account has no {target}: look it up in the list"),
        )
    })
}
