//! Usage errors, and what commands print.

use super::*;

#[test]
fn argument_definitions_are_valid() {
    crate::args::command().debug_assert();
}

/// The examples of a command's help and of its subcommands' help.
fn examples(command: &clap::Command) -> Vec<String> {
    let help = command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let own = help.lines().filter(|line| line.starts_with("  paradex "));
    let own = own.map(|line| line.trim().to_owned());
    own.chain(command.get_subcommands().flat_map(examples)).collect()
}

#[test]
fn examples_of_the_help_are_valid_and_fit_on_a_line() {
    let examples = examples(&crate::args::command());
    assert!(examples.len() > 40, "{examples:?}");
    for example in examples {
        assert!(example.len() < 98, "{example}");
        // Without redirections and pipes.
        let is_own = |word: &&str| !matches!(*word, ">" | ">>" | "|") && !word.starts_with("3>");
        let parsed = Args::try_parse_from(example.split(' ').take_while(is_own));
        assert!(parsed.is_ok(), "{example}: {parsed:?}");
    }
}

#[tokio::test]
async fn missing_or_contradictory_arguments_are_usage_errors() {
    let local = Local::start().await;
    for line in [
        "tokens create quoter --lifetime 1d --show-secret",
        "tokens create quoter --lifetime 1d --from --show-secret",
        "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --unrestricted --show-secret",
        "tokens create quoter --lifetime 1d --from 203.0.113.0/24",
        "tokens create quoter --from 203.0.113.0/24 --show-secret",
        "tokens create quoter --lifetime 1d --from 203.0.113.7/24 --show-secret",
        "tokens create quoter --lifetime 1 --from 203.0.113.0/24 --show-secret",
        "tokens create quoter --lifetime 9999999999999999999d --from 203.0.113.0/24 --show-secret",
        "tokens create quoter --lifetime 30s --from 203.0.113.0/24 --show-secret",
        "tokens create quoter --lifetime 1d --from 203.0.113.0/24 --secret-fd 1",
        "tokens revoke",
        "subkeys create bot --show-secret",
        "subkeys create bot --from 203.0.113.0/24",
        "subkeys create bot --from 203.0.113.0/24 --public-key 7",
        "subkeys create bot --from 203.0.113.0/24 --public-key 0x7 --show-secret",
        "allow set --token x",
        "allow set 203.0.113.0/24",
        "allow set --token x --subkey 0x7 203.0.113.0/24",
        "allow add --token x",
        "allow remove --token x",
        "allow clear --token x",
        "allow plan",
        "allow apply",
        "allow apply --plan p --policy q",
        "allow apply --plan p --widen",
        "audit --prometheus --json",
        "allow show --token x --account desk --account research",
        "",
    ] {
        let ran = local.run(line).await;
        assert_eq!(ran.exit, Exit::Usage, "{line}: {}{}", ran.out, ran.err);
        assert!(!ran.err.is_empty(), "{line}");
    }
    assert_eq!(local.changes(), 0);
}

#[tokio::test]
async fn output_never_contains_a_token_that_the_server_echoes() {
    use paradex_api_ext::paradex_api::reqwest::StatusCode;
    use paradex_api_ext::paradex_api::reqwest::header::HeaderMap;
    let local = Local::start().await;
    let session = local
        .exchange
        .account_session(&local.exchange.main_account())
        .unwrap();
    let token = session.expose().to_owned();
    let source = Known(local.environment.clone(), token.clone());
    let repeated = format!("GET: authorization: Bearer {token}");
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", token.parse().unwrap());
    let mut page = headers.clone();
    page.insert("content-type", "text/html".parse().unwrap());
    for line in [
        "tokens list",
        "subkeys list",
        "allow show --token x",
        "audit",
        "audit --json",
        "tokens revoke x --yes",
    ] {
        for (status, headers, body) in [
            (
                StatusCode::BAD_REQUEST,
                &headers,
                json!({"error": token, "message": repeated}).to_string(),
            ),
            (StatusCode::BAD_GATEWAY, &page, format!("<p>{repeated}</p>")),
            (StatusCode::OK, &page, format!("<p>{repeated}</p>")),
            (StatusCode::OK, &headers, json!(repeated).to_string()),
        ] {
            let fault = Fault::raw(status, headers.clone(), body);
            local.exchange.inject(Injection::new(fault).times(1_000));
            let ran = run_in(&source, line, None).await;
            local.exchange.clear_injections();
            assert_ne!(ran.exit, Exit::Done, "{line}: {}", ran.out);
            let text = format!("{} {}", ran.out, ran.err);
            for part in token.as_bytes().windows(12) {
                let part = std::str::from_utf8(part).unwrap();
                assert!(!text.contains(part), "{line}: {part} is in {text}");
            }
        }
    }
}

#[tokio::test]
async fn hidden_characters_of_a_file_do_not_reach_the_terminal() {
    let local = Local::start().await;
    let folder = Folder::new();
    let hidden = "\u{1b}[31m\u{7}\u{85}\u{202e}";
    let field = json!({ hidden: 1 }).to_string();
    // Arguments are split at white space, which includes U+0085.
    let argument = hidden.replace('\u{85}', "");
    let plan = folder.write("plan.json", &field);
    let policy = folder.write("policy.json", &field);
    let rotations = folder.path("rotations");
    local
        .run(&format!("tokens rotate list --folder {rotations}"))
        .await
        .ends(Exit::Done);
    folder.write("rotations/rotation-x.json", &field);
    for line in [
        format!("allow apply --plan {plan}"),
        format!("allow check --policy {policy}"),
        format!("tokens rotate list --folder {rotations}"),
        format!("allow check --policy {argument}.toml"),
        format!("allow apply --plan {argument}"),
        format!("whoami --account {argument}"),
    ] {
        let ran = local.run(&line).await;
        assert!(matches!(ran.exit, Exit::Failed | Exit::Usage), "{line}");
        let err = ran.err.trim_end_matches('\n');
        assert!(
            !err.contains(|c: char| c.is_control() || c == '\u{202e}'),
            "{err:?}"
        );
        assert!(err.contains("\\u{202e}"), "{err:?}");
    }
}

#[tokio::test]
async fn hidden_characters_are_escaped_in_json() {
    let local = Local::start().await;
    let folder = Folder::new();
    let name = "ä\u{7f}\u{85}\u{202e}\u{e0041}";
    let id = local.token(name, &[COLO]).await;
    let is_plain = |text: &str| {
        let is_hidden = |c: char| c != '\n' && c.is_control() || "\u{202e}\u{e0041}".contains(c);
        !text.contains(is_hidden) && text.contains("ä\\u007f\\u0085\\u202e\\udb40\\udc41")
    };
    let ran = local.run("tokens list --json").await.ends(Exit::Done);
    assert!(is_plain(&ran.out), "{:?}", ran.out);
    assert_eq!(ran.json()["members"][0]["name"], name);
    let (policy, plan) = (folder.policy(OFFICE), folder.path("plan.json"));
    local
        .run(&format!("allow plan --policy {policy} --out {plan}"))
        .await
        .ends(Exit::Done);
    assert!(is_plain(&folder.read("plan.json")));
    local
        .run(&format!("allow apply --plan {plan}"))
        .await
        .ends(Exit::Done);
    assert_eq!(local.stored(&id), [OFFICE]);
    // Metric labels are escaped too.
    let metrics = local.run("audit --prometheus").await;
    let label = r#"name="ä\\u{7f}\\u{85}\\u{202e}\\u{e0041}""#;
    metrics.says(&[label]);
}
