//! The questions of a type's form, and the text that their answers become.

use hazebot_core::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ticket::draft::{Draft, SUBJECT};

/// Questions of one form: what a modal of Discord holds.
pub const MAX_QUESTIONS: usize = 5;
/// Longest question and longest choice that a modal shows.
const MAX_LABEL: usize = 45;
const MAX_HINT: usize = 100;
const MAX_CHOICE: usize = 100;
const CHOICES: std::ops::RangeInclusive<usize> = 2..=25;
/// Code points of a short and of a long answer, unless the question says otherwise.
const SHORT: u16 = 100;
const LONG: u16 = 500;
const ANSWER: std::ops::RangeInclusive<u16> = 1..=1_800;
/// Questions and answers stand in one message of 2,000 code points, with its marks.
const MAX_SUM: usize = 1_900;
/// Stars, line ends and the blank line of one answer.
const MARKS: usize = 8;

/// How a question is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QuestionKind {
    /// One line.
    #[default]
    Short,
    /// Several lines.
    Paragraph,
    /// One of several choices.
    Choice,
}

fn yes() -> bool {
    true
}

/// One question of a type's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question, 1–45 characters.
    pub label: String,
    /// A line of explanation, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// How it is answered.
    #[serde(default)]
    pub kind: QuestionKind,
    /// Whether it has to be answered.
    #[serde(default = "yes")]
    pub required: bool,
    /// Longest answer, 1–1,800 characters; 100 for one line and 500 for several if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u16>,
    /// 2–25 choices of up to 100 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

impl Question {
    /// The longest answer in code points.
    #[must_use]
    pub fn longest(&self) -> u16 {
        match self.kind {
            QuestionKind::Short => self.max_length.unwrap_or(SHORT),
            QuestionKind::Paragraph => self.max_length.unwrap_or(LONG),
            QuestionKind::Choice => {
                let longest = self.choices.iter().map(|choice| choice.chars().count()).max();
                longest.and_then(|length| length.try_into().ok()).unwrap_or(SHORT)
            }
        }
    }

    fn check(&self) -> Result<(), String> {
        let length = |text: &str| text.trim().chars().count();
        if !(1..=MAX_LABEL).contains(&length(&self.label)) {
            return Err(format!("have questions of 1 to {MAX_LABEL} characters"));
        }
        if self.hint.as_deref().is_some_and(|hint| length(hint) > MAX_HINT) {
            return Err(format!("have hints of at most {MAX_HINT} characters"));
        }
        if self.max_length.is_some_and(|most| !ANSWER.contains(&most)) {
            return Err(format!(
                "have a max_length from {} to {}",
                ANSWER.start(),
                ANSWER.end()
            ));
        }
        let choice = self.kind == QuestionKind::Choice;
        if choice == self.choices.is_empty() {
            return Err(format!(
                "have choices for questions of kind choice, and only for them ({})",
                self.label
            ));
        }
        let mut seen = std::collections::HashSet::new();
        let fine =
            |choice: &String| (1..=MAX_CHOICE).contains(&length(choice)) && seen.insert(choice.clone());
        if choice && !(CHOICES.contains(&self.choices.len()) && self.choices.iter().all(fine)) {
            return Err("have 2 to 25 different choices of 1 to 100 characters".to_owned());
        }
        Ok(())
    }
}

/// Checks the questions of one type.
///
/// # Errors
/// The end of the sentence "… must …".
pub(super) fn check(questions: &[Question]) -> Result<(), String> {
    if questions.len() > MAX_QUESTIONS {
        return Err(format!("have at most {MAX_QUESTIONS} questions"));
    }
    questions.iter().try_for_each(Question::check)?;
    let sum: usize = questions
        .iter()
        .map(|question| question.label.chars().count() + usize::from(question.longest()) + MARKS)
        .sum();
    if sum > MAX_SUM {
        return Err(format!(
            "have questions whose answers fit into one message: {sum} of {MAX_SUM} characters"
        ));
    }
    Ok(())
}

/// The answers to a type's questions, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<'q> {
    questions: &'q [Question],
    answers: Vec<String>,
}

impl<'q> Answered<'q> {
    /// Takes answers in the order of the questions; one that is missing is empty.
    ///
    /// # Errors
    /// A required one is empty, one is too long, or a choice is none.
    pub fn new(questions: &'q [Question], answers: &[String]) -> Result<Self, Refusal> {
        let mut taken = Vec::with_capacity(questions.len());
        for (index, question) in questions.iter().enumerate() {
            let answer = answers.get(index).map_or("", |answer| answer.trim());
            let label = question.label.as_str();
            if answer.is_empty() && question.required {
                let sentence = format!("Please answer: {label}");
                return Err(Refusal::invalid("ticket-answer-missing", sentence).with("question", label));
            }
            let is_choice = question.kind == QuestionKind::Choice;
            if is_choice && !answer.is_empty() && !question.choices.iter().any(|choice| choice == answer) {
                let sentence = format!("Not one of the choices: {label}");
                return Err(Refusal::invalid("ticket-answer-unknown", sentence).with("question", label));
            }
            if answer.chars().count() > usize::from(question.longest()) {
                let sentence = format!("Answer is too long: {label}");
                return Err(Refusal::invalid("ticket-answer-too-long", sentence)
                    .with("question", label)
                    .with("max", question.longest().to_string()));
            }
            taken.push(answer.to_owned());
        }
        Ok(Self {
            questions,
            answers: taken,
        })
    }

    /// The ticket that they open: the first answer of one line is its subject, all of them its description.
    #[must_use]
    pub fn draft(&self, kind: &str) -> Draft {
        let pairs = || self.questions.iter().zip(&self.answers);
        let subject = pairs()
            .filter(|(question, _)| question.kind != QuestionKind::Paragraph)
            .map(|(_, answer)| one_line(answer))
            .find(|answer| answer.chars().count() >= *SUBJECT.start())
            .unwrap_or_else(|| kind.to_owned());
        let answered = pairs().filter(|(_, answer)| !answer.is_empty());
        let parts: Vec<String> = answered
            .map(|(question, answer)| format!("**{}**\n{answer}", question.label.trim()))
            .collect();
        Draft {
            kind: kind.to_owned(),
            subject: subject.chars().take(*SUBJECT.end()).collect(),
            description: parts.join("\n\n"),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn questions() -> Vec<Question> {
        serde_json::from_value(json!([
            { "label": "What is broken?" },
            { "label": "Since when?", "kind": "choice", "choices": ["Today", "Longer"], "required": false },
            { "label": "Tell us more", "kind": "paragraph", "max_length": 300, "required": false },
        ]))
        .unwrap()
    }

    fn given(answers: &[&str]) -> Result<Draft, String> {
        let answers: Vec<String> = answers.iter().map(|&answer| answer.to_owned()).collect();
        Answered::new(&questions(), &answers)
            .map(|answered| answered.draft("Bug"))
            .map_err(|refusal| refusal.sentence.into_owned())
    }

    #[test]
    fn answers_become_subject_and_description() {
        let draft = given(&["The lamp", "Today", "Dark."]).unwrap();
        assert_eq!(draft.subject, "The lamp");
        assert_eq!(
            draft.description,
            "**What is broken?**\nThe lamp\n\n**Since when?**\nToday\n\n**Tell us more**\nDark."
        );
    }

    #[test]
    fn what_may_stay_empty_leaves_no_trace_and_a_short_answer_is_no_subject() {
        let draft = given(&["ab"]).unwrap();
        assert_eq!(
            (draft.subject.as_str(), draft.description.as_str()),
            ("Bug", "**What is broken?**\nab")
        );
    }

    #[test]
    fn a_missing_a_wrong_and_a_long_answer_are_refused() {
        assert_eq!(given(&["  "]).unwrap_err(), "Please answer: What is broken?");
        assert_eq!(
            given(&["Lamp", "Never"]).unwrap_err(),
            "Not one of the choices: Since when?"
        );
        assert_eq!(
            given(&[&"x".repeat(101)]).unwrap_err(),
            "Answer is too long: What is broken?"
        );
    }

    #[test]
    fn wrong_questions_are_named() {
        let some = |times: usize, value: serde_json::Value| {
            vec![serde_json::from_value::<Question>(value).unwrap(); times]
        };
        let one = |value| some(1, value);
        let table = [
            (one(json!({ "label": "" })), "1 to 45"),
            (one(json!({ "label": "a", "hint": "h".repeat(101) })), "hints"),
            (one(json!({ "label": "a", "max_length": 0 })), "max_length"),
            (
                one(json!({ "label": "a", "choices": ["x", "y"] })),
                "only for them",
            ),
            (
                one(json!({ "label": "a", "kind": "choice", "choices": ["x", "x"] })),
                "2 to 25 different",
            ),
            (
                some(
                    2,
                    json!({ "label": "a", "kind": "paragraph", "max_length": 1800 }),
                ),
                "one message",
            ),
            (some(6, json!({ "label": "a" })), "at most 5"),
        ];
        for (questions, expected) in table {
            let problem = check(&questions).unwrap_err();
            assert!(problem.contains(expected), "{problem}");
        }
        assert_eq!(check(&questions()), Ok(()));
    }

    #[test]
    fn the_longest_answers_fit_into_one_message() {
        let label = "l".repeat(45);
        let long = one_of(&label, 1_800);
        assert_eq!(check(std::slice::from_ref(&long)), Ok(()));
        let answered = Answered::new(std::slice::from_ref(&long), &["x".repeat(1_800)]).unwrap();
        assert!(answered.draft("Bug").description.chars().count() <= 2_000);
    }

    fn one_of(label: &str, most: u16) -> Question {
        Question {
            label: label.to_owned(),
            hint: None,
            kind: QuestionKind::Paragraph,
            required: true,
            max_length: Some(most),
            choices: Vec::new(),
        }
    }
}
