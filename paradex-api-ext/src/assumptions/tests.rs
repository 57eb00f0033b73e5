//! The table is complete, and files are read strictly.

use std::collections::HashSet;

use super::{AnswerKind, Asking, Assumptions, QUESTIONS, Topic};

#[test]
fn rows_are_complete_and_sorted_by_topic() {
    let mut names = HashSet::new();
    for question in QUESTIONS {
        let name = question.name;
        assert!(names.insert(name), "{name} is duplicated");
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(name.chars().all(is_part), "{name}");
        assert!(
            question.text.contains('?') && question.matters.ends_with('.'),
            "{name}"
        );
        let can_be_asked = matches!(question.asking, Asking::Calls { .. });
        assert_eq!(can_be_asked, question.answers != AnswerKind::None, "{name}");
        if let AnswerKind::Words { choices, assumed } = question.answers {
            let words: HashSet<&str> = choices.iter().map(|choice| choice.word).collect();
            assert!(words.len() == choices.len() && words.contains(assumed), "{name}");
        }
        if let Asking::Calls { calls, .. } = question.asking {
            assert!((1..=20).contains(&calls), "{name}");
        }
    }
    assert!(QUESTIONS.is_sorted_by_key(|question| question.topic));
    assert!(Topic::ALL.is_sorted());
}

#[test]
fn every_answer_survives_the_file() {
    let mut assumptions = Assumptions::new();
    for question in QUESTIONS {
        let answer = match question.answers {
            AnswerKind::Words { choices, .. } => choices.last().unwrap().word.to_owned(),
            AnswerKind::Number { most, .. } => most.to_string(),
            AnswerKind::Refusal { .. } => "451 SOME_CODE_7".to_owned(),
            AnswerKind::None => continue,
        };
        assumptions.set(question.name, &answer).unwrap();
        assert_eq!(assumptions.answer(question.name).unwrap().to_string(), answer);
    }
    let text = assumptions.to_toml();
    assert_eq!(Assumptions::from_toml(&text).unwrap(), assumptions);
    assert_ne!(assumptions, Assumptions::new());
    for question in QUESTIONS
        .iter()
        .filter(|question| question.answers != AnswerKind::None)
    {
        assumptions
            .set(question.name, &question.assumed().to_string())
            .unwrap();
    }
    assert_eq!(assumptions, Assumptions::new());
}

#[test]
fn mistake_in_a_file_is_named_with_its_line() {
    for (text, error) in [
        ("[answers", "line 1: it is not TOML: "),
        (
            "\n[answer]\n",
            "line 2: `answer` is unknown (did you mean `answers`?)",
        ),
        (
            "ipv6-networks = \"refused\"",
            "line 1: `ipv6-networks` is unknown",
        ),
        ("probe = 1", "line 1: `probe` is unknown"),
        (
            "[answers]\n\nipv6-network = \"refused\"\n",
            "line 3: there is no question `ipv6-network` (did you mean `ipv6-networks`?)",
        ),
        (
            "[answers]\nhost-bits = \"maskd\"",
            "line 2: `maskd` is no answer to the question `host-bits`: the answers are `refused`, `masked`, `kept` (did you mean \
             `masked`?)",
        ),
        (
            "[answers]\nhost-bits = 7",
            "line 2: `integer` is no answer to the question `host-bits`: write a text",
        ),
        (
            "[answers]\nnetwork-limit = \"20\"",
            "line 2: `string` is no answer to the question `network-limit`: write a whole",
        ),
        (
            "[answers]\nnetwork-limit = 7",
            "line 2: `7` is no answer to the question `network-limit`: the answer is a whole number",
        ),
        ("[answers]\nnetwork-limit = 0x10", "line 2: `integer`"),
        ("[answers]\nnetwork-limit = 129", "from 8 to 128"),
        (
            "[answers]\naddress-refusal = \"200\"",
            "such as `403 IP_NOT_ALLOWED`",
        ),
        (
            "[answers]\naddress-refusal = \"403 lower\"",
            "`403 lower` is no answer",
        ),
        ("[answers]\naddress-refusal = \"403  X\"", "`403  X` is no answer"),
        (
            "[answers]\nhttp-2 = \"yes\"",
            "line 2: the question `http-2` cannot be asked",
        ),
        (
            "[answers]\nhost-bits = \"kept\"\nhost-bits = \"kept\"",
            "line 3: it is not TOML: ",
        ),
    ] {
        let found = Assumptions::from_toml(text).unwrap_err().to_string();
        assert!(found.contains(error), "{text:?}: {found}");
    }
    let report = "[probe]\nat = 1\n[evidence.host-bits]\nx = 1\n[unanswered]\na = \"b\"\n";
    assert_eq!(Assumptions::from_toml(report).unwrap(), Assumptions::new());
}
