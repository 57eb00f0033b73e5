//! The steps of a rotation, from checking the old credential to proving the new one.

use paradex_api::Secret;

use super::error::{Cleanup, RotationProblem};
use super::names::unique_name;
use super::state::RotationStep;
use super::successor::{carried_over, differs, new_key};
use super::{Outcome, Rotator, Run};
use crate::access::subkeys::Subkey;
use crate::access::target::Target;
use crate::auth::Credentials;
use crate::error::{CreateTokenError, Error, InvalidInput, RegisterSubkeyError};
use crate::signing::{AccountAddress, StarknetPrivateKey};

impl Rotator {
    /// Takes steps until the rotation is over or needs the caller's decision.
    pub(super) async fn drive(&self, run: &mut Run) -> Outcome<()> {
        loop {
            let next = match run.state.step.clone() {
                RotationStep::Ready => self.ready(run).await?,
                RotationStep::Creating { name, new } => match new {
                    None => self.create_token(run, name).await?,
                    Some(key) => self.register_subkey(run, name, key).await?,
                },
                RotationStep::Storing { new } => self.store(run, new).await?,
                RotationStep::Proving { new } => self.prove(run, new).await?,
                RotationStep::Finishing { new } => {
                    self.revoke(&run.state.old)
                        .await
                        .map_err(RotationProblem::OldNotRevoked)?;
                    RotationStep::Finished { new }
                }
                RotationStep::Discarding { new, for_good } => {
                    self.discard(run, new).await?;
                    match for_good {
                        true => RotationStep::Abandoned,
                        false => RotationStep::Ready,
                    }
                }
                RotationStep::Proven { .. } | RotationStep::Finished { .. } | RotationStep::Abandoned => {
                    return Ok(());
                }
            };
            self.enter(run, next).await?;
        }
    }

    /// Records the next step before taking it.
    pub(super) async fn enter(&self, run: &mut Run, next: RotationStep) -> Outcome<()> {
        let unstored = match (&run.state.step, &next, &run.state.old) {
            // Only this process has the text of the new token.
            (RotationStep::Creating { .. }, RotationStep::Storing { new }, Target::Token(_)) => {
                Some(new.clone())
            }
            _ => None,
        };
        let before = std::mem::replace(&mut run.state.step, next);
        run.resumed = false;
        let Err(error) = self.sink.record(&run.state).await else {
            return Ok(());
        };
        match unstored {
            Some(new) => self.clean_up(run, new).await,
            // The step is not taken.
            None => run.state.step = before,
        }
        Err(RotationProblem::NotRecorded(error))
    }

    /// Checks the old credential, then chooses the new token's name or generates the new subkey's key.
    async fn ready(&self, run: &mut Run) -> Outcome<RotationStep> {
        run.secret = None;
        run.state.new_credential = None;
        match &run.state.old {
            Target::Token(id) => {
                let old = self.old_token(id).await?;
                let base = run.state.spec.name.as_deref().unwrap_or(old.name());
                let name = unique_name(base)?;
                // Report problems with the old token before anything is changed.
                self.new_token(&run.state, &old, &name)?;
                Ok(RotationStep::Creating { name, new: None })
            }
            Target::Subkey(key) => {
                let old = self.old_subkey(key).await?;
                let (secret, public) = new_key().map_err(RotationProblem::NoRandom)?;
                self.new_subkey(&run.state, &old, "name", &public.to_string())?;
                run.secret = Some(secret);
                let new = public.to_string();
                run.state.new_credential = Some(new.clone());
                Ok(RotationStep::Storing { new })
            }
        }
    }

    /// Creates the new token and compares it with what was requested.
    async fn create_token(&self, run: &mut Run, name: String) -> Outcome<RotationStep> {
        if run.resumed {
            // Even if the earlier request succeeded, its text is lost.
            self.revoke_by_name(run, name).await?;
            return Ok(RotationStep::Ready);
        }
        let Target::Token(id) = run.state.old.clone() else {
            return Ok(RotationStep::Ready);
        };
        let requested = match self.old_token(&id).await {
            Ok(old) => self.new_token(&run.state, &old, &name).map(|new| (old, new)),
            Err(problem) => Err(problem),
        };
        let (old, new) = match requested {
            Ok(requested) => requested,
            Err(problem) => {
                // Nothing was sent, so there is nothing to look for.
                self.settle(run, RotationStep::Ready).await;
                return Err(problem);
            }
        };
        let created = match self.client.tokens().create(new).await {
            Ok(created) => created,
            Err(CreateTokenError::AllowlistMismatch(other)) => {
                let problem = RotationProblem::Mismatch {
                    requested: other.token().requested_allowlist().to_string(),
                    found: other
                        .token()
                        .info()
                        .map(|info| info.allowlist().to_string())
                        .unwrap_or_default(),
                };
                let new = other.token().lookup_id().to_owned();
                self.clean_up_token(run, new, name).await;
                return Err(problem);
            }
            Err(error @ (CreateTokenError::OutcomeUnknown(_) | CreateTokenError::NotUnderstood(_))) => {
                self.clean_up_lost_token(run, name).await;
                return Err(RotationProblem::NotCreated(error));
            }
            Err(error) => {
                // No token was created.
                self.settle(run, RotationStep::Ready).await;
                return Err(RotationProblem::NotCreated(error));
            }
        };
        // If the response does not show the token in full, read the list.
        let listed;
        let info = match created.info() {
            Some(info) if created.allowlist_confirmed() && !info.lookup_id().is_empty() => info,
            _ => match self.token_named(&name).await {
                Ok(Some(token)) => {
                    listed = token;
                    &listed
                }
                Ok(None) => {
                    self.clean_up_token(run, created.lookup_id().to_owned(), name)
                        .await;
                    return Err(RotationProblem::NewNotLive);
                }
                Err(problem) => {
                    self.clean_up_token(run, created.lookup_id().to_owned(), name)
                        .await;
                    return Err(problem);
                }
            },
        };
        let new = info.lookup_id().to_owned();
        if let Some(problem) = differs(&run.state.spec, &old, info, created.requested_allowlist()) {
            self.clean_up_token(run, new, name).await;
            return Err(problem);
        }
        let secret = created.into_secret();
        run.state.new_credential = self.bearer(&secret).ok().map(|credentials| credentials.id());
        run.secret = Some(secret);
        Ok(RotationStep::Storing { new })
    }

    /// Registers the new subkey, unless an earlier run did.
    async fn register_subkey(&self, run: &mut Run, name: String, key: String) -> Outcome<RotationStep> {
        let Target::Subkey(old) = run.state.old.clone() else {
            return Ok(RotationStep::Ready);
        };
        if run.resumed {
            match self.subkey(&key).await? {
                Some(found) if found.is_live() => return self.registered(run, found, key).await,
                Some(_) => return Ok(RotationStep::Ready),
                None => {}
            }
            // If the sink does not have the key, nobody could use the subkey.
            if self.secret(run).await?.is_none() {
                return Ok(RotationStep::Ready);
            }
        }
        let old = self.old_subkey(&old).await?;
        let new = self.new_subkey(&run.state, &old, &name, &key)?;
        if let Err(error) = self.client.subkeys().register(new).await {
            let outcome_unknown = matches!(
                error,
                RegisterSubkeyError::OutcomeUnknown(_) | RegisterSubkeyError::NotUnique(_)
            );
            // Nobody else has this key, so if it is registered, this request did it.
            let found = match outcome_unknown {
                true => self.subkey(&key).await.unwrap_or_default(),
                false => None,
            };
            return match found {
                Some(found) if found.is_live() => self.registered(run, found, key).await,
                _ => {
                    run.cleanup = match outcome_unknown {
                        true => Cleanup::NotListed(name),
                        false => Cleanup::Nothing,
                    };
                    Err(RotationProblem::NotRegistered(error))
                }
            };
        }
        match self.subkey(&key).await? {
            Some(found) => self.registered(run, found, key).await,
            None => {
                run.cleanup = Cleanup::NotListed(name);
                Err(RotationProblem::NewNotLive)
            }
        }
    }

    /// Accepts a registered subkey if its allowlist is the requested one; otherwise revokes it.
    async fn registered(&self, run: &mut Run, found: Subkey, key: String) -> Outcome<RotationStep> {
        let requested = match &run.state.spec.allowlist {
            Some(list) => list.clone(),
            None => {
                let Target::Subkey(old) = run.state.old.clone() else {
                    return Ok(RotationStep::Ready);
                };
                let old = self.old_subkey(&old).await?;
                carried_over(&run.state.spec, old.allowlist())?
            }
        };
        if found.allowlist().has_networks_of(&requested) {
            return Ok(RotationStep::Proving { new: key });
        }
        let problem = RotationProblem::Mismatch {
            requested: requested.to_string(),
            found: found.allowlist().to_string(),
        };
        self.clean_up(run, key).await;
        Err(problem)
    }

    /// Hands the secret to the sink.
    async fn store(&self, run: &mut Run, new: String) -> Outcome<RotationStep> {
        let is_token = matches!(run.state.old, Target::Token(_));
        if run.resumed {
            if self.secret(run).await?.is_none() {
                return Ok(match is_token {
                    true => RotationStep::Discarding { new, for_good: false },
                    // The subkey was not registered yet.
                    false => RotationStep::Ready,
                });
            }
        } else if let Some(secret) = &run.secret
            && let Err(error) = self.sink.store(&run.state, secret).await
        {
            match is_token {
                true => self.clean_up(run, new).await,
                false => self.settle(run, RotationStep::Ready).await,
            }
            return Err(RotationProblem::NotStored(error));
        }
        if is_token {
            return Ok(RotationStep::Proving { new });
        }
        let base = match (&run.state.spec.name, &run.state.old) {
            (Some(name), _) => name.clone(),
            (None, Target::Token(id) | Target::Subkey(id)) => self.old_subkey(id).await?.name().to_owned(),
        };
        Ok(RotationStep::Creating {
            name: unique_name(&base)?,
            new: Some(new),
        })
    }

    /// The secret of the new credential, from this run or from the sink.
    async fn secret<'a>(&self, run: &'a mut Run) -> Outcome<Option<&'a Secret>> {
        if run.secret.is_none() {
            let loaded = self.sink.load(&run.state).await;
            run.secret = loaded.map_err(RotationProblem::NotLoaded)?;
            if let Some(secret) = &run.secret {
                let id = match &run.state.old {
                    Target::Token(_) => self.bearer(secret).map(|credentials| credentials.id()).ok(),
                    Target::Subkey(_) => StarknetPrivateKey::from_hex(secret.expose().trim())
                        .map(|key| key.public_key().to_string())
                        .ok(),
                };
                if id != run.state.new_credential {
                    run.secret = None;
                    return Err(RotationProblem::SecretMismatch);
                }
            }
        }
        Ok(run.secret.as_ref())
    }

    fn bearer(&self, secret: &Secret) -> Result<Credentials, Error> {
        Ok(Credentials::bearer(
            self.client.environment().clone(),
            secret.clone(),
        )?)
    }

    /// Makes one call with the new credential.
    async fn prove(&self, run: &mut Run, new: String) -> Outcome<RotationStep> {
        let account = match run.state.old {
            Target::Token(_) => None,
            Target::Subkey(_) => Some(self.account(&new).await?),
        };
        let Some(secret) = self.secret(run).await? else {
            return Err(RotationProblem::SecretUnavailable);
        };
        let proof = async {
            let credentials = match account {
                None => self.bearer(secret)?,
                Some(account) => {
                    let key = StarknetPrivateKey::from_hex(secret.expose().trim())
                        .map_err(|error| InvalidInput::from_rule("private_key", error.to_string()))?;
                    Credentials::subkey(self.client.environment().clone(), key, account)
                }
            };
            let group = self.prover.as_ref().unwrap_or(self.client.group());
            group.client(credentials)?.api().get_account().send().await?;
            Ok::<_, Error>(())
        };
        proof.await.map_err(RotationProblem::NotProven)?;
        Ok(RotationStep::Proven {
            new,
            since: self.now(),
        })
    }

    /// The account that a subkey belongs to.
    async fn account(&self, key: &str) -> Outcome<AccountAddress> {
        let subkey = self.client.subkeys().get(key).await;
        let subkey = subkey.map_err(RotationProblem::NotRead)?;
        let account = subkey.raw().account_id.as_deref().unwrap_or_default();
        account.parse().map_err(|_| {
            // The value comes from a response, so it is not shown.
            RotationProblem::Invalid(InvalidInput::from_rule(
                "account_id",
                "the exchange does not report the subkey's account; prove the subkey where it is used, and call `mark_proven`",
            ))
        })
    }
}
