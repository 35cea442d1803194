//! Tests of the limits.

use super::super::{Button, Embed, Input, Message, Modal, Select, SelectOption};
use super::*;

#[test]
fn a_message_of_exactly_the_limit_passes() {
    assert_eq!(Message::new().text("ä".repeat(CONTENT)).check(), Ok(()));
    let over = Message::new().text("ä".repeat(CONTENT + 1)).check();
    assert_eq!(
        over,
        Err(LimitProblem::TooMuch {
            place: "content".to_owned(),
            got: 2001,
            max: 2000
        })
    );
}

#[test]
fn an_empty_message_is_refused_but_an_empty_partial_edit_is_not() {
    assert!(Message::new().check().is_err());
    assert_eq!(Message::partial().check(), Ok(()));
}

#[test]
fn embeds_are_counted_together() {
    let embed = |n: usize| Embed::new().description("x".repeat(n));
    assert_eq!(
        Message::new().embed(embed(3000)).embed(embed(3000)).check(),
        Ok(())
    );
    assert!(
        Message::new()
            .embed(embed(3000))
            .embed(embed(3001))
            .check()
            .is_err()
    );
}

#[test]
fn a_problem_names_its_place() {
    let message = Message::new().embed(Embed::new().field("a", "b").field("x".repeat(257), "c"));
    assert_eq!(
        message.check().unwrap_err().to_string(),
        "embeds[0].fields[1].name: 257 of at most 256"
    );
    let empty = Message::new().embed(Embed::new().field("a", " "));
    assert_eq!(
        empty.check().unwrap_err().to_string(),
        "embeds[0].fields[0]: empty"
    );
}

#[test]
fn twenty_five_buttons_make_five_rows_and_one_more_is_too_much() {
    let buttons = |n: usize| (0..n).map(|i| Button::primary(format!("t:v1:b:{i}"), "b"));
    assert_eq!(Message::new().buttons(buttons(25)).check(), Ok(()));
    assert!(Message::new().buttons(buttons(26)).check().is_err());
}

#[test]
fn a_custom_id_must_be_unique_in_its_message() {
    let twice = Message::new().buttons([Button::primary("a:v1:x", "1"), Button::danger("a:v1:x", "2")]);
    assert_eq!(twice.check(), Err(LimitProblem::Twice("a:v1:x".to_owned())));
}

#[test]
fn a_menu_takes_up_to_twenty_five_options() {
    let menu = |n: usize| {
        let options = (0..n).map(|i| SelectOption::new(format!("o{i}"), i.to_string()));
        Message::new()
            .text("x")
            .select(Select::text("a:v1:pick").options(options))
    };
    assert_eq!(menu(25).check(), Ok(()));
    assert!(menu(26).check().is_err());
    assert!(menu(0).check().is_err());
}

#[test]
fn a_form_is_checked_too() {
    let form = |title: &str| {
        Modal::new("a:v1:form", title).input(Input::short("subject", "Subject").length(1..=100))
    };
    assert_eq!(form("New ticket").check(), Ok(()));
    assert!(form(&"x".repeat(46)).check().is_err());
    assert!(Modal::new("a:v1:form", "Empty").check().is_err());
    let long =
        Modal::new("a:v1:form", "T").input(Input::short("s", "S").length(0..=10).value("x".repeat(11)));
    assert!(long.check().is_err());
}
