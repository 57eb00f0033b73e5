//! `paradex tokens` and `paradex subkeys`.

use std::fmt::Write as _;

use paradex_api_ext::allowlist::Target;
use paradex_api_ext::error::{CreateTokenError, RegisterSubkeyError, RevokeError};
use paradex_api_ext::fleet::{FleetMember, SelfReference};
use paradex_api_ext::net::{AllowlistWarning, CidrSet, IpAllowlist, OpenTo, StoredAllowlist};
use paradex_api_ext::paradex_api::Secret;
use paradex_api_ext::signing::StarknetPrivateKey;
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::{ApiToken, NewToken};
use paradex_api_ext::{Client, Error};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::{AllowedFrom, CreateSubkey, CreateToken, DryRun, Force, List, Subkeys, Tokens};
use crate::client_source::{ClientSource, open_fleet, single_account};
use crate::console::{Console, Exit, Failure, chain, line};
use crate::names::resolve;
use crate::rotate::{self, CredentialKind};

pub(crate) async fn tokens(
    command: &Tokens,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match command {
        Tokens::List(list) => {
            let is_token = |member: &FleetMember| matches!(member.target(), Target::Token(_));
            show(list, is_token, named, source, console).await
        }
        Tokens::Create(create) => create_token(create, named, source, console).await,
        Tokens::Rotate(command) => rotate::run(command, CredentialKind::Token, named, source, console).await,
        Tokens::Revoke { id, force, dry_run } => {
            revoke(
                Target::Token(id.clone()),
                *force,
                *dry_run,
                named,
                source,
                console,
            )
            .await
        }
    }
}

pub(crate) async fn subkeys(
    command: &Subkeys,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match command {
        Subkeys::List(list) => {
            let is_subkey = |member: &FleetMember| matches!(member.target(), Target::Subkey(_));
            show(list, is_subkey, named, source, console).await
        }
        Subkeys::Create(create) => create_subkey(create, named, source, console).await,
        Subkeys::Rotate(command) => {
            rotate::run(command, CredentialKind::Subkey, named, source, console).await
        }
        Subkeys::Revoke { id, force, dry_run } => {
            revoke(
                Target::Subkey(id.clone()),
                *force,
                *dry_run,
                named,
                source,
                console,
            )
            .await
        }
    }
}

async fn show(
    list: &List,
    is_kind: impl Fn(&FleetMember) -> bool,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let fleet = open_fleet(named.iter().map(String::as_str), source)?;
    let mut snapshot = console.read(&fleet).await;
    snapshot.retain(|member| is_kind(member) && (list.include_revoked || member.is_alive()));
    console.result(&snapshot, &snapshot)?;
    let unread = snapshot.failures().count();
    Ok(match unread {
        0 => Exit::Done,
        some if some < fleet.accounts().count() => Exit::Partial,
        _ => Exit::Failed,
    })
}

impl AllowedFrom {
    fn list(&self) -> Result<IpAllowlist, Failure> {
        match self.unrestricted {
            true => Ok(IpAllowlist::Unrestricted),
            false => Ok(IpAllowlist::from(CidrSet::new(self.from.iter().copied())?)),
        }
    }
}

/// A credential that was created, or would be.
#[derive(Serialize)]
struct Created<'a> {
    account: &'a str,
    environment: String,
    target: Option<Target>,
    name: &'a str,
    allowlist: &'a IpAllowlist,
    open_to: Option<OpenTo>,
    secret_destination: Option<String>,
    secret: Option<&'a str>,
    dry_run: bool,
}

impl Created<'_> {
    /// The warning in the confirmation question.
    fn opening(&self) -> String {
        let open_to = self.open_to.map(|open_to| format!(", which will be {open_to}"));
        open_to.unwrap_or_default()
    }

    fn text(&self) -> String {
        let target = self.target.as_ref().map(Target::to_string);
        let mut text = match (&target, self.dry_run) {
            (Some(target), false) => format!("created {target}"),
            (Some(target), true) => format!("would create {target}"),
            (None, false) => "created a token; the exchange did not report its id".to_owned(),
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
        if let Some(destination) = &self.secret_destination {
            text.push_str(&format!(
                "  secret     {}\n",
                line(self.secret.unwrap_or(destination))
            ));
        }
        for warning in AllowlistWarning::summarize(&self.allowlist.warnings()) {
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
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = single_account(named, source)?;
    let list = create.from.list()?;
    list.check_limit()?;
    let new = NewToken::new(&create.name, &create.token_type, create.lifetime, list.clone())
        .map_err(|error| Failure::from_error(Exit::Usage, &error))?;
    let destination = create.secret.destination();
    let mut created = Created {
        account,
        environment: client.environment().to_string(),
        target: None,
        name: &create.name,
        allowlist: &list,
        open_to: list.open_to(),
        secret_destination: Some(destination.to_string()),
        secret: None,
        dry_run: create.dry_run.dry_run,
    };
    if created.dry_run {
        console.result(&created, created.text())?;
        return Ok(Exit::Done);
    }
    console.confirm(
        &format!("create the token `{}`{}", line(&create.name), created.opening()),
        &[(account, &client)],
    )?;
    // Open the destination first, so that a failure leaves no token behind.
    let mut sink = destination.open()?;
    let new_token = match client.tokens().create(new).await {
        Ok(token) => token,
        Err(CreateTokenError::AllowlistMismatch(other)) => {
            sink.discard();
            let text = chain(&other);
            let new = Target::Token(other.token().lookup_id().to_owned());
            return Err(revoke_new(&client, &new, text).await);
        }
        Err(error) => {
            sink.discard();
            let outcome_unknown = matches!(
                error,
                CreateTokenError::OutcomeUnknown(_) | CreateTokenError::NotUnderstood(_)
            );
            return Err(Failure::from_error(
                if outcome_unknown {
                    Exit::Partial
                } else {
                    Exit::Failed
                },
                &error,
            ));
        }
    };
    let new = Target::Token(new_token.lookup_id().to_owned());
    if let Err(failure) = sink.write(new_token.secret()) {
        sink.discard();
        return Err(revoke_new(&client, &new, failure.to_string()).await);
    }
    created.target = Some(new.clone()).filter(|_| !new_token.lookup_id().is_empty());
    created.secret = sink.shown(new_token.secret());
    report_new(&created, &new, &client, console).await
}

/// Prints a new token or subkey. If its secret should have been printed and was not, it is revoked.
async fn report_new(
    created: &Created<'_>,
    new: &Target,
    client: &Client,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match console.report_change("the change was made", created, created.text()) {
        Ok(()) => Ok(Exit::Done),
        Err(failure) if created.secret.is_some() => Err(revoke_new(client, new, failure.to_string()).await),
        Err(failure) => Err(failure),
    }
}

/// Revokes a new token or subkey whose secret is lost or whose allowlist is wrong, and returns why.
async fn revoke_new(client: &Client, new: &Target, why: String) -> Failure {
    let (what, outcome) = match new {
        Target::Subkey(key) => ("subkey", client.subkeys().revoke(key).await),
        Target::Token(id) => ("token", client.tokens().revoke(id).await),
        _ => return Failure::new(Exit::Partial, why),
    };
    match outcome {
        Ok(()) => Failure::new(Exit::Failed, format!("{why}; the new {what} was revoked")),
        Err(error) => Failure::new(
            Exit::Partial,
            format!(
                "{why}; and the new {new} could not be revoked, so revoke it by hand: {}",
                chain(&error)
            ),
        ),
    }
}

async fn create_subkey(
    create: &CreateSubkey,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = single_account(named, source)?;
    let list = create.from.list()?;
    list.check_limit()?;
    let generated = match &create.key.public_key {
        Some(_) => None,
        None => Some(new_key()?),
    };
    let public_key = match (&create.key.public_key, &generated) {
        (Some(key), _) => key.clone(),
        (None, Some((_, public))) => public.clone(),
        (None, None) => String::new(),
    };
    let new = NewSubkey::new(&create.name, &public_key, list.clone())
        .map_err(|error| Failure::from_error(Exit::Usage, &error))?;
    let destination = create.key.destination();
    let mut created = Created {
        account,
        environment: client.environment().to_string(),
        target: Some(Target::Subkey(public_key.clone())),
        name: &create.name,
        allowlist: &list,
        open_to: list.open_to(),
        secret_destination: generated.as_ref().map(|_| destination.to_string()),
        secret: None,
        dry_run: create.dry_run.dry_run,
    };
    if created.dry_run {
        // The generated key is discarded, so do not show it.
        created.target = create.key.public_key.clone().map(Target::Subkey);
        let text = created
            .text()
            .replace("would create a token", "would create a subkey");
        console.result(&created, text)?;
        return Ok(Exit::Done);
    }
    console.confirm(
        &format!(
            "register the subkey `{}`{}",
            line(&create.name),
            created.opening()
        ),
        &[(account, &client)],
    )?;
    // Store the private key before the subkey is registered.
    let mut sink = None;
    if let Some((secret, _)) = &generated {
        let mut opened = destination.open()?;
        if let Err(failure) = opened.write(secret) {
            opened.discard();
            return Err(failure);
        }
        sink = Some(opened);
    }
    if let Err(error) = client.subkeys().register(new).await {
        if matches!(error, RegisterSubkeyError::OutcomeUnknown(_)) {
            // The subkey may be registered, so its private key is kept.
            return Err(Failure::from_error(Exit::Partial, &error));
        }
        if let Some(sink) = sink {
            sink.discard();
        }
        return Err(error.into());
    }
    if let (Some(sink), Some((secret, _))) = (&sink, &generated) {
        created.secret = sink.shown(secret);
    }
    let new = Target::Subkey(public_key);
    report_new(&created, &new, &client, console).await
}

/// Generates a private key, and returns it as hex text with its public key.
fn new_key() -> Result<(Secret, String), Failure> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut()).map_err(|error| {
        Failure::new(
            Exit::Failed,
            format!("the operating system returned no random numbers: {error}"),
        )
    })?;
    // 251 bits are below the order of the curve. `from_bytes` refuses 0.
    let [first, ..] = &mut *bytes;
    *first &= 7;
    let public = StarknetPrivateKey::from_bytes(&bytes)?.public_key().to_string();
    // Preallocated, because a string that grows leaves copies of the key in memory.
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
    force: Force,
    dry_run: DryRun,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = single_account(named, source)?;
    let target = resolve(target, &client).await?;
    // Show the name as well, because an id is easily mistaken.
    let found = find_credential(&target, &client).await?;
    let name = found.name;
    let what = format!("{target} `{}`", line(&name));
    if !force.force {
        check_not_own(&target, found.token.as_ref(), &what, &client)?;
    }
    let mut revoked = Revoked {
        account,
        target: &target,
        name: &name,
        revoked: false,
        dry_run: dry_run.dry_run,
    };
    if dry_run.dry_run {
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
        _ => return Err(Failure::usage("the target is neither a token nor a subkey")),
    };
    match outcome {
        Ok(()) => {
            revoked.revoked = true;
            console.report_change("the change was made", &revoked, format!("revoked {what}"))?;
            Ok(Exit::Done)
        }
        Err(error @ (RevokeError::OutcomeUnknown(_) | RevokeError::NotUnderstood(_))) => {
            Err(Failure::from_error(Exit::Partial, &error))
        }
        Err(error) => Err(error.into()),
    }
}

/// Refuses to revoke the credential that this command uses.
fn check_not_own(
    target: &Target,
    token: Option<&ApiToken>,
    what: &str,
    client: &Client,
) -> Result<(), Failure> {
    let why = match SelfReference::check(client, target, token) {
        SelfReference::No => return Ok(()),
        SelfReference::Yes => "this command uses it itself",
        _ => "this command's own credential is an opaque token, so it may be this one",
    };
    Err(Failure::new(
        Exit::Failed,
        format!(
            "nothing was changed: {what} is not revoked, because {why}; use another credential, such as the account's \
             key, or pass `--force`"
        ),
    ))
}

/// A token or a subkey of an account.
pub(crate) struct FoundCredential {
    pub(crate) name: String,
    pub(crate) allowlist: StoredAllowlist,
    /// Its entry in the exchange's list, if it is a token.
    token: Option<ApiToken>,
}

/// Finds a token or a subkey.
pub(crate) async fn find_credential(target: &Target, client: &Client) -> Result<FoundCredential, Failure> {
    let found = match target {
        Target::Token(id) => {
            let tokens = client.tokens().list().with_revoked_and_expired().send().await?;
            let found = tokens.into_iter().find(|token| token.lookup_id() == id);
            found.map(|token| FoundCredential {
                name: token.name().to_owned(),
                allowlist: token.allowlist().clone(),
                token: Some(token),
            })
        }
        Target::Subkey(key) => match client.subkeys().get(key).await {
            Ok(subkey) => Some(FoundCredential {
                name: subkey.name().to_owned(),
                allowlist: subkey.allowlist().clone(),
                token: None,
            }),
            Err(error @ Error::Api(_)) if error.status().is_some_and(|status| status == 404) => None,
            Err(error) => return Err(error.into()),
        },
        _ => None,
    };
    found.ok_or_else(|| {
        Failure::new(
            Exit::Failed,
            format!("the account has no {target}: list the account's tokens and subkeys"),
        )
    })
}
