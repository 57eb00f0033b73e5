//! `paradex probe`: what it asks, and where the report goes.

use paradex_api_ext::assumptions::Assumptions;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::{Client, Credentials, Environment};

use super::{ClientSource, Exit, Failure, Folder, Local, run_in};

/// A simulated exchange, and the key of its main account.
struct MainKey(Simulator);

impl MainKey {
    async fn start() -> Self {
        Self(Simulator::start().await.unwrap())
    }

    fn changes(&self) -> usize {
        let requests = self.0.requests();
        let operations = requests.iter().filter_map(|request| request.operation());
        let changes =
            operations.filter(|operation| !operation.is_read() && !operation.path.contains("/auth"));
        changes.count()
    }
}

impl ClientSource for MainKey {
    fn default_account(&self) -> &str {
        "desk"
    }

    fn client(&self, _: &str) -> Result<Client, Failure> {
        let environment = Environment::custom(self.0.url())?;
        let account = self.0.main_account().parse()?;
        let credentials = Credentials::starknet(environment.clone(), self.0.main_key(), account);
        Ok(Client::builder(environment).credentials(credentials).build()?)
    }

    fn all(&self) -> Result<Vec<String>, Failure> {
        Ok(vec!["desk".to_owned()])
    }
}

#[tokio::test]
async fn probe_writes_a_report_that_the_simulator_reads() {
    let (source, folder) = (MainKey::start().await, Folder::new());
    let (output, journal) = (folder.path("report.toml"), folder.path("journal"));
    let line = format!("probe --with-orders --yes --output {output} --journal {journal}");
    let ran = run_in(&source, &line, None).await.ends(Exit::Done);
    ran.says(&["questions have an answer", &output])
        .warns(&["allowlists (", "host-bits: sets the list"]);
    let report = folder.read("report.toml");
    assert_eq!(Assumptions::from_toml(&report).unwrap(), Assumptions::new());
    assert!(
        report.contains("address-refusal = \"403 IP_NOT_ALLOWED\""),
        "{report}"
    );
    assert!(!std::path::Path::new(&journal).exists());

    // The report is not overwritten.
    let ran = run_in(&source, &line, None).await.ends(Exit::Failed);
    ran.warns(&["report.toml could not be created"]);
}

#[tokio::test]
async fn probe_asks_before_each_topic() {
    let (source, folder) = (MainKey::start().await, Folder::new());
    let line = format!("probe --journal {}", folder.path("journal"));
    let ran = run_in(&source, &line, None).await.ends(Exit::Usage);
    ran.warns(&["there is no terminal to ask: pass `--yes`"]);
    assert!(source.0.requests().is_empty());

    let ran = run_in(&source, &line, Some("y\nn\nn\nn\n"))
        .await
        .ends(Exit::Done);
    let ran = ran.warns(&[
        "this changes nothing. Continue? [y/N]",
        "this changes the account for a while",
    ]);
    ran.says(&[
        "unknown-parameter = \"ignored\"",
        "host-bits = \"the topic was declined\"",
    ]);
    assert_eq!(source.changes(), 0);
}

#[tokio::test]
async fn probe_of_production_asks_only_what_changes_nothing() {
    let (local, folder) = (Local::production().await, Folder::new());
    let line = format!(
        "probe --with-orders --yes --json --journal {}",
        folder.path("journal")
    );
    let report = local.run(&line).await.ends(Exit::Done).json();
    assert_eq!(report["answers"]["response-compression"], "none");
    assert_eq!(
        report["unanswered"]["host-bits"],
        "it changes something, which is never done in production"
    );
    assert_eq!(report["answers"].as_object().unwrap().len(), 16);
    assert_eq!(local.changes(), 0);
}

#[tokio::test]
async fn probe_of_another_environment_is_refused() {
    let source = MainKey::start().await;
    let ran = run_in(&source, "probe --environment testnet --yes", None)
        .await
        .ends(Exit::Usage);
    ran.warns(&["and `--environment` is testnet"]);
    let ran = run_in(&source, "probe --environment nowhere --yes", None)
        .await
        .ends(Exit::Usage);
    ran.warns(&["nowhere"]);
    assert!(source.0.requests().is_empty());
}

#[tokio::test]
async fn dry_run_of_the_probe_sends_nothing() {
    let source = MainKey::start().await;
    let plan = run_in(&source, "probe --with-orders --dry-run --json", None)
        .await
        .ends(Exit::Done)
        .json();
    assert_eq!(plan["topics"].as_array().unwrap().len(), 6);
    assert_eq!(
        plan["skipped"]["http-2"]
            .as_str()
            .map(|why| why.starts_with("it cannot be asked")),
        Some(true)
    );
    assert!(source.0.requests().is_empty());
}
