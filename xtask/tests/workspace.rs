//! The commands at work on this workspace and on copies of it.

mod common;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use xtask::diff::print::Format;
use xtask::git::git;
use xtask::tasks::{Diff, Gen, Outcome, run_diff, run_plain};

use common::{contents, copy, place, repository, run, small, take_in, vendored, workspace};

fn check() -> Gen {
    Gen {
        check: true,
        ..Gen::default()
    }
}

fn small_document() -> Value {
    json!({"openapi": "3.0.0", "info": {"title": "T", "version": "9.9"},
           "paths": {"/thing": {"get": {"operationId": "get-thing", "responses": {"200": {
               "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}}},
           "components": {"schemas": {"Thing": {"type": "object", "properties": {"size": {"type": "integer"}}}}}})
}

#[test]
fn generated_code_is_fresh() {
    let (outcome, printed) = run(&workspace(), &check());
    assert_eq!(
        outcome,
        Ok(Outcome::Done),
        "run `cargo xtask gen` and commit what it writes\n{printed}"
    );
    assert!(
        !printed.contains("problem:") && !printed.contains("fixable:"),
        "the vendored document must leave nothing undescribed or unclassified\n{printed}"
    );
}

#[test]
fn edit_of_generated_code_is_shown_and_undone() {
    let folder = small();
    let edited = "paradex-api/src/generated/operations.rs";
    let original = fs::read_to_string(folder.path().join(edited)).unwrap();
    place(
        folder.path(),
        edited,
        &original.replace("/v1/account/tokens", "/v1/account/other"),
    );
    place(folder.path(), "paradex-api/src/generated/left_over.rs", "");

    let before = contents(folder.path());
    let (outcome, printed) = run(folder.path(), &check());
    assert_eq!(outcome, Ok(Outcome::Stale));
    for said in [
        edited,
        "+    path: \"/v1/account/tokens",
        "left_over.rs",
        "cargo xtask gen",
    ] {
        assert!(printed.contains(said), "{said}: {printed}");
    }
    assert_eq!(contents(folder.path()), before, "a check writes nothing");

    assert_eq!(run(folder.path(), &Gen::default()).0, Ok(Outcome::Done));
    assert_eq!(fs::read_to_string(folder.path().join(edited)).unwrap(), original);
    assert!(
        !folder
            .path()
            .join("paradex-api/src/generated/left_over.rs")
            .exists()
    );
}

#[test]
fn edit_of_the_vendored_document_is_a_problem() {
    let folder = small();
    let path = folder.path().join("openapi/paradex.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"maximum\": 5000", "\"maximum\": 6000")).unwrap();
    let before = contents(folder.path());
    let (outcome, printed) = run(folder.path(), &Gen::default());
    assert!(outcome.unwrap_err().contains("nothing was written"));
    assert!(printed.contains("edited by hand"), "{printed}");
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn document_that_does_not_fit_is_generated_elsewhere_only() {
    let folder = small();
    let document = tempfile::tempdir().unwrap();
    place(document.path(), "2026-01-02.json", &small_document().to_string());
    let from = vec![
        document
            .path()
            .join("2026-01-02.json")
            .to_str()
            .unwrap()
            .to_owned(),
    ];
    let before = contents(folder.path());

    let strict = Gen {
        from: from.clone(),
        ..Gen::default()
    };
    let (outcome, printed) = run(folder.path(), &strict);
    assert!(outcome.unwrap_err().contains("--out DIR"));
    assert!(printed.contains("undescribed: GET /thing"), "{printed}");
    assert!(printed.contains("the place is gone"), "{printed}");
    assert_eq!(contents(folder.path()), before);

    let out = document.path().join("out");
    let lenient = Gen {
        from,
        out: Some(out.clone()),
        ..Gen::default()
    };
    let (outcome, printed) = run(folder.path(), &lenient);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert_eq!(contents(folder.path()), before);
    let types = fs::read_to_string(out.join("src/generated/types.rs")).unwrap();
    assert!(types.contains("pub struct Thing"), "{types}");
    let manifest = fs::read_to_string(out.join("Cargo.toml")).unwrap();
    assert!(
        manifest.contains("[workspace]") && !manifest.contains("workspace = true"),
        "{manifest}"
    );
    assert!(out.join("Cargo.lock").exists());

    // The same again is the same to the byte.
    let first = contents(&out);
    assert_eq!(run(folder.path(), &lenient).0, Ok(Outcome::Done));
    assert_eq!(contents(&out), first);
}

/// Both commands that write a folder refuse this one, and leave it as it was.
#[track_caller]
fn assert_refused(workspace: &Path, out: &Path, said: &str) {
    let task = Gen {
        out: Some(out.to_path_buf()),
        ..Gen::default()
    };
    let error = run(workspace, &task).0.unwrap_err();
    assert!(error.contains(said), "{error}");
    let style = progenitor::InterfaceStyle::Positional;
    let error = run_plain(workspace, style, out, &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains(said), "{error:#}");
}

#[test]
fn out_leaves_folders_alone_that_it_did_not_write() {
    let folder = small();
    let before = contents(folder.path());
    for inside in [
        "openapi",
        "paradex-api/src",
        "",
        "new/folder",
        "openapi/../paradex-api",
    ] {
        assert_refused(
            folder.path(),
            &folder.path().join(inside),
            "inside this workspace",
        );
    }
    assert_eq!(contents(folder.path()), before);

    let other = tempfile::tempdir().unwrap();
    place(other.path(), "src/lib.rs", "precious");
    assert_refused(folder.path(), other.path(), "choose another folder");
    assert_refused(
        folder.path(),
        &other.path().join("src/lib.rs"),
        "choose another folder",
    );
    assert_eq!(contents(other.path()).len(), 1);

    // An empty one is taken, and then both may write there again.
    let empty = tempfile::tempdir().unwrap();
    let style = progenitor::InterfaceStyle::Positional;
    for _ in 0..2 {
        run_plain(folder.path(), style.clone(), empty.path(), &mut Vec::new()).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn link_into_the_workspace_is_inside_it() {
    let folder = small();
    let other = tempfile::tempdir().unwrap();
    let link = other.path().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    assert_refused(folder.path(), &link.join("openapi"), "inside this workspace");
}

#[test]
fn out_leaves_a_crate_alone_that_it_did_not_write() {
    let folder = small();
    let other = tempfile::tempdir().unwrap();
    place(other.path(), "Cargo.toml", "[package]\nname = 'precious'\n");
    let task = Gen {
        out: Some(other.path().to_path_buf()),
        ..Gen::default()
    };
    let error = run(folder.path(), &task).0.unwrap_err();
    assert!(error.contains("choose another folder"), "{error}");
    assert_eq!(contents(other.path()).len(), 1);
}

#[test]
fn taking_in_the_same_document_again_changes_nothing() {
    let folder = copy();
    let before = contents(folder.path());
    let task = Gen {
        from: vec![
            folder
                .path()
                .join("openapi/paradex.json")
                .to_str()
                .unwrap()
                .to_owned(),
        ],
        ..Gen::default()
    };
    assert_eq!(run(folder.path(), &task).0, Ok(Outcome::Done));
    let changed: Vec<_> = contents(folder.path())
        .into_iter()
        .filter(|file| !before.contains(file))
        .map(|(path, _)| path.file_name().unwrap().to_owned())
        .collect();
    // The canonical text is not the published one, so its own digest and day are noted, and the day is a constant of
    // the crate; nothing else moves.
    assert_eq!(changed, ["source.toml", "mod.rs"]);
}

#[test]
fn unreadable_source_is_named() {
    let folder = small();
    for (from, said) in [
        ("/nowhere/x.json", "/nowhere/x.json"),
        ("http://127.0.0.1:9/x.json", "cannot fetch"),
    ] {
        let task = Gen {
            from: vec![from.to_owned()],
            ..Gen::default()
        };
        let error = run(folder.path(), &task).0.unwrap_err();
        assert!(error.contains(said), "{error}");
    }
    let both = Gen {
        check: true,
        from: vec!["x".to_owned()],
        ..Gen::default()
    };
    assert!(run(folder.path(), &both).0.unwrap_err().contains("--check"));
}

/// The outcome of a comparison, and what it printed.
fn diff(workspace: &Path, old: &str, new: &str, format: Format) -> (Result<Outcome, String>, String) {
    let mut printed = Vec::new();
    let (old, new) = (old.to_owned(), new.to_owned());
    let outcome = run_diff(workspace, &Diff { old, new, format }, &mut printed);
    (
        outcome.map_err(|error| format!("{error:#}")),
        String::from_utf8(printed).unwrap(),
    )
}

/// The vendored document of a folder without one operation, beside it.
fn without_an_operation(folder: &Path) -> String {
    let mut document = vendored(folder);
    document["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/system/time")
        .unwrap();
    place(folder, "2026-02-01.json", &document.to_string());
    folder.join("2026-02-01.json").to_str().unwrap().to_owned()
}

#[test]
fn comparison_outcome_tells_whether_there_is_a_difference() {
    let folder = small();
    let vendored = folder.path().join("openapi/paradex.json");
    let (vendored, other) = (vendored.to_str().unwrap(), without_an_operation(folder.path()));
    let before = contents(folder.path());

    let (outcome, printed) = diff(folder.path(), vendored, vendored, Format::Text);
    assert_eq!(outcome, Ok(Outcome::Done));
    assert!(
        printed.starts_with("Nothing changed: `paradex.json`"),
        "{printed}"
    );

    let (outcome, printed) = diff(folder.path(), vendored, &other, Format::Markdown);
    assert_eq!(outcome, Ok(Outcome::Stale));
    for said in [
        "  * **breaking** `operation-removed`: `GET /system/time` is gone. `[",
        "  * **breaking** `rust-call-removed`: `Client::get_system_time()` is gone. `[",
    ] {
        assert!(printed.contains(said), "{printed}");
    }
    assert_eq!(contents(folder.path()), before, "a comparison writes nothing");
}

#[test]
fn revision_is_compared_by_its_own_code_and_version() {
    let folder = small();
    let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
    let own = format!("version = \"{}\"", xtask::version::released(&manifest).unwrap());
    let version = |version: &str| {
        let other = format!("version = \"{version}\"");
        place(folder.path(), "Cargo.toml", &manifest.replacen(&own, &other, 1));
    };
    version("0.1.0");
    repository(folder.path());
    git(folder.path(), &["tag", "v0"]).unwrap();
    // The code changes and the document does not.
    let types = "paradex-api/src/generated/types.rs";
    let code = fs::read_to_string(folder.path().join(types)).unwrap();
    place(
        folder.path(),
        types,
        &code.replace("pub server_time: ", "pub other_time: "),
    );
    version("3.0.0");
    git(
        folder.path(),
        &["commit", "--quiet", "--all", "--message", "Change"],
    )
    .unwrap();

    let (outcome, printed) = diff(folder.path(), "v0", "HEAD", Format::Text);
    assert_eq!(outcome, Ok(Outcome::Stale));
    assert!(printed.contains("from `0.1.0` to `0.2.0+api."), "{printed}");
    assert!(
        printed.contains("`types::SystemTime.server_time` is gone."),
        "{printed}"
    );
    let (outcome, printed) = diff(folder.path(), "HEAD", "HEAD~1", Format::Text);
    assert_eq!(outcome, Ok(Outcome::Stale));
    assert!(printed.contains("from `3.0.0` to `4.0.0+api."), "{printed}");
    assert_eq!(
        diff(folder.path(), "v0", "HEAD~1", Format::Text).0,
        Ok(Outcome::Done)
    );

    for odd in ["v9", "--output=x", "nowhere.json", ""] {
        let error = diff(folder.path(), odd, "HEAD", Format::Text).0.unwrap_err();
        assert!(error.contains("neither a file nor a git revision"), "{error}");
    }
}

#[test]
fn taking_in_a_document_tells_what_changed_even_if_it_does_not_fit() {
    let folder = small();
    let from = vec![without_an_operation(folder.path())];
    let task = Gen {
        from: from.clone(),
        ..Gen::default()
    };
    let (outcome, printed) = run(folder.path(), &task);
    assert!(outcome.unwrap_err().contains("nothing was written"));
    assert!(printed.starts_with("From `openapi/paradex.json` (`"), "{printed}");
    assert!(
        printed.contains("`Client::get_system_time()` is gone."),
        "{printed}"
    );

    let out = tempfile::tempdir().unwrap();
    let task = Gen {
        from,
        out: Some(out.path().join("try")),
        ..Gen::default()
    };
    let (outcome, printed) = run(folder.path(), &task);
    assert_eq!(outcome, Ok(Outcome::Done));
    assert!(
        printed.contains("`Client::get_system_time()` is gone."),
        "{printed}"
    );
}

#[test]
fn accepting_a_revision_writes_placeholders_and_deletes_what_is_gone() {
    let folder = small();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    // A schema gets another name, an operation and an error code go, and others come.
    let text = vendored(folder.path())
        .to_string()
        .replace("responses.StakingStakeResp", "responses.StakeResp");
    let mut document: Value = serde_json::from_str(&text).unwrap();
    document["info"]["version"] = json!("1.200.0");
    document["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/jwks.json")
        .unwrap();
    document["paths"]["/new/{thing}"] = json!({"get": {"operationId": "get-new-thing",
        "parameters": [{"name": "thing", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/responses.NewThing"}}}}}}});
    let schemas = &mut document["components"]["schemas"];
    schemas["responses.NewThing"] = json!({"type": "object", "properties": {"size": {"type": "string"}}});
    schemas["responses.ApiToken"]["properties"]["colour"] = json!({"type": "string"});
    let codes = schemas["responses.ErrorCode"]["enum"].as_array_mut().unwrap();
    let gone = codes.remove(0);
    codes.push(json!("NEW_CODE"));
    let gone = gone.as_str().unwrap();

    let before = contents(folder.path());
    let (outcome, printed) = take_in(folder.path(), &document, false, None);
    assert!(outcome.unwrap_err().contains("`--accept`"));
    for said in [
        "fixable: undescribed: GET /new/{thing};",
        "undescribed: field `responses.ApiToken.colour`, a text (if it is a decimal number",
        "undescribed: value `NEW_CODE` of `responses.ErrorCode`",
        "undescribed: schema `responses.NewThing`",
        "describes GET /jwks.json",
        "`responses.StakingStakeResp` was renamed to `responses.StakeResp`",
    ] {
        assert!(printed.contains(said), "{said}\nis not in\n{printed}");
    }
    assert_eq!(contents(folder.path()), before);

    let (outcome, printed) = take_in(folder.path(), &document, true, None);
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    for place in [
        "GET /new/{thing}",
        "parameter `thing` of GET /new/{thing}",
        "schema `responses.NewThing`",
        "field `responses.NewThing.size`",
        "field `responses.ApiToken.colour`",
        "value `NEW_CODE` of `responses.ErrorCode`",
    ] {
        assert!(
            printed.contains(&format!("placeholder: {place}\n")),
            "{place}\nis not in\n{printed}"
        );
    }
    assert!(printed.contains("6 placeholders"), "{printed}");
    let descriptions = read("openapi/descriptions.yaml");
    assert_eq!(descriptions.matches("TODO(describe)").count(), 6);
    assert!(!descriptions.contains("/jwks.json") && !descriptions.contains("StakingStakeResp"));
    assert!(read("openapi/decimals.yaml").contains("responses.StakeResp: [amount]"));
    assert!(
        read("openapi/names.yaml").starts_with("# The names"),
        "comments stay"
    );

    // What went keeps its variant.
    let retired = read("openapi/retired.yaml");
    let entry = format!("- enum: ErrorCode\n  value: {gone}\n");
    assert!(
        retired.contains(&entry) && retired.contains("gone: 1.200.0 of 2026-09-01\n  keep_until: 2027-03"),
        "{retired}"
    );
    let types = read("paradex-api/src/generated/types.rs");
    assert!(
        types.contains(
            "#[deprecated(note = \"no longer listed by the exchange, since 1.200.0 of 2026-09-01\")]"
        ),
        "{types}"
    );
    // The document that the crate carries is the exchange's.
    assert!(!read("paradex-api/src/generated/openapi.json").contains(&format!("\"{gone}\"")));

    let settled = contents(folder.path());
    assert_eq!(run(folder.path(), &Gen::default()).0, Ok(Outcome::Done));
    assert_eq!(contents(folder.path()), settled);

    // When the value comes back, so does the variant.
    let codes = document["components"]["schemas"]["responses.ErrorCode"]["enum"]
        .as_array_mut()
        .unwrap();
    codes.push(json!(gone));
    assert_eq!(take_in(folder.path(), &document, true, None).0, Ok(Outcome::Done));
    let retired = read("openapi/retired.yaml");
    assert!(!retired.contains("enum: "), "{retired}");
    // The schema that was renamed can still be called by its old name.
    assert!(
        retired.contains("- type: StakingStake\n  now: Stake\n"),
        "{retired}"
    );
}

#[test]
fn accept_changes_nothing_while_a_correction_does_not_fit() {
    let folder = small();
    let mut document = vendored(folder.path());
    document["components"]["schemas"]["responses.CancelOrderResult"]["properties"]["status"]["enum"] =
        json!(["QUEUED_FOR_CANCELLATION", "ALREADY_CLOSED", "NOT_FOUND"]);
    document["components"]["schemas"]["responses.ApiToken"]["properties"]["colour"] =
        json!({"type": "string"});
    let before = contents(folder.path());
    let (outcome, printed) = take_in(folder.path(), &document, true, None);
    assert!(outcome.unwrap_err().contains("fix the corrections first"));
    assert!(
        printed.contains("responses.CancelOrderResult'].properties.status`: upstream has fixed it (it says `enum` itself): delete the action"),
        "{printed}"
    );
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn report_is_provisional_while_a_correction_does_not_fit() {
    let folder = small();
    let mut document = vendored(folder.path());
    let data = "/components/schemas/responses.ApiError/properties/data/type";
    *document.pointer_mut(data).unwrap() = json!("array");
    document["components"]["schemas"]["responses.ApiToken"]["properties"]["colour"] =
        json!({"type": "string"});
    let before = contents(folder.path());
    let (outcome, printed) = take_in(folder.path(), &document, false, None);
    assert!(outcome.is_err(), "{printed}");
    for said in [
        ", provisionally. ",
        "1 correction does not fit: `$.components.schemas['responses.ApiError'].properties.data.type`",
        "No entry for CHANGELOG.md is proposed",
        "`types::ApiToken.colour` is new",
    ] {
        assert!(printed.contains(said), "{said}\nis not in\n{printed}");
    }
    assert!(!printed.contains("to be edited"), "{printed}");
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn report_is_provisional_while_a_decision_is_missing() {
    let text = json!({"type": "string"});
    let order = "/components/schemas/responses.OrderResp/properties";
    let cases: [(&str, Value, &str, &str); 4] = [
        // A name that sounds secret.
        (
            order,
            json!({"api_secret": text}),
            "types::Order.api_secret",
            "Order",
        ),
        // A form that the crate does not support.
        (
            order,
            json!({"shape": {"oneOf": [text, {"type": "integer"}]}}),
            "types::Order.shape",
            "Order",
        ),
        // Two types of one name.
        (
            "/components/schemas",
            json!({"zeta.Order": {"type": "object", "properties": {"x": text}}}),
            "types::Order2",
            "Order2",
        ),
        // A call whose parameter is left out.
        (
            "/paths/~1system~1time/get",
            json!({"parameters": [{"name": "zone", "in": "cookie", "schema": text},
                                  {"name": "unit", "in": "query", "schema": text}]}),
            "builder::GetSystemTime::unit()",
            "GetSystemTime",
        ),
    ];
    for (pointer, added, place, name) in cases {
        let folder = small();
        let mut document = vendored(folder.path());
        let members = document.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        members.extend(added.as_object().unwrap().clone());
        document["components"]["schemas"]["responses.ApiToken"]["properties"]["colour"] = text.clone();
        let (outcome, printed) = take_in(folder.path(), &document, true, None);
        assert!(outcome.unwrap_err().starts_with("1 problem"), "{printed}");
        for said in [
            "Verdict: minor, provisionally. ",
            "1 problem needs a decision",
            "No entry for CHANGELOG.md is proposed",
            "`types::ApiToken.colour` is new, of type `Option<String>`.  [",
        ] {
            assert!(printed.contains(said), "{place}: {said}\nis not in\n{printed}");
        }
        assert!(!printed.contains("to be edited"), "{place}: {printed}");
        let row = printed
            .lines()
            .find(|line| line.contains(&format!("`{place}` is new")));
        assert!(
            row.is_some_and(|row| row.contains("(provisional)")),
            "{place}: {printed}"
        );
        // Nothing else is marked.
        for line in printed.lines().filter(|line| line.contains("(provisional)")) {
            assert!(line.contains(name), "{place}: {line}");
        }
    }
}

#[test]
fn report_is_firm_while_only_descriptions_are_missing() {
    let folder = small();
    let mut document = vendored(folder.path());
    document["components"]["schemas"]["responses.ApiToken"]["properties"]["colour"] =
        json!({"type": "string"});
    let (outcome, printed) = take_in(folder.path(), &document, false, None);
    assert!(outcome.is_err(), "{printed}");
    assert!(
        !printed.contains("provisional") && printed.contains("to be edited"),
        "{printed}"
    );
}

#[test]
fn removed_value_breaks_the_wire_and_is_deprecated_in_rust() {
    let folder = small();
    let mut document = vendored(folder.path());
    let values = &mut document["components"]["schemas"]["responses.OrderInstruction"]["enum"];
    values.as_array_mut().unwrap().retain(|value| value != "RPI");
    // The same is told whether it fits or not.
    for accept in [false, true] {
        let (outcome, printed) = take_in(folder.path(), &document, accept, None);
        assert_eq!(outcome.is_ok(), accept, "{printed}");
        for said in [
            "\nVerdict: minor.",
            "Decided by: rust-deprecated (1).",
            "breaking request-value-removed ",
            "notice   rust-deprecated              `types::OrderInstruction::Rpi` is deprecated.",
        ] {
            assert!(printed.contains(said), "{said}\nis not in\n{printed}");
        }
        assert!(!printed.contains("breaking rust-"), "{printed}");
    }
}

#[test]
fn generated_code_that_cannot_be_read_is_written_again() {
    let folder = small();
    let types = "paradex-api/src/generated/types.rs";
    let fresh = fs::read_to_string(folder.path().join(types)).unwrap();
    place(folder.path(), types, "<<<<<<< ours");
    let (outcome, printed) = run(folder.path(), &Gen::default());
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    assert!(
        printed.contains("note: the current generated code cannot be read"),
        "{printed}"
    );
    assert_eq!(fs::read_to_string(folder.path().join(types)).unwrap(), fresh);
}
