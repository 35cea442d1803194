//! What the API has to hear of members: who leaves is signed out, who is staff no more leaves the staff's sockets.

use hazebot_core::Outcome;
use hazebot_discord::{
    Heard, Listener,
    model::gateway::event::{Event, EventType},
};
use hazebot_http::Api;

/// The listeners of the API.
pub(super) fn listeners(api: &Api) -> Vec<Listener> {
    [EventType::MemberRemove, EventType::MemberUpdate]
        .into_iter()
        .map(|kind| {
            let api = api.clone();
            Listener::on(kind).run(move |heard| tell(api.clone(), heard))
        })
        .collect()
}

async fn tell(api: Api, heard: Heard) -> Outcome<()> {
    if heard.guild != Some(heard.bot.home()) {
        return Ok(());
    }
    match heard.event.as_ref() {
        Event::MemberRemove(member) => api.member_left(member.user.id).await,
        Event::MemberUpdate(member) => {
            api.member_updated(member.user.id);
            Ok(())
        }
        _ => Ok(()),
    }
}
