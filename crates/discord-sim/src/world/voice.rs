//! Who is in which voice channel. No sound is carried; states and their rules are.

use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::id::Id;

use super::World;
use super::event::Scope;
use super::json::{self, extend};
use super::model::{Guild, kind};
use super::permissions::Permissions;

/// A member in a voice channel. Mute and deaf by staff stand at the member.
#[derive(Clone, Debug)]
pub struct VoiceState {
    /// The voice channel.
    pub channel: Id,
    /// The connection's id.
    pub session: String,
    /// Muted by themselves.
    pub self_mute: bool,
    /// Deafened by themselves.
    pub self_deaf: bool,
}

impl World {
    /// A user connects to a voice channel.
    pub(crate) fn join_voice(&mut self, user: Id, channel: Id) -> ApiResult<()> {
        self.require_in_channel(channel, user, Permissions::CONNECT)?;
        let state = self.channel(channel)?;
        let guild = state.guild_id.ok_or_else(ApiError::not_in_dm)?;
        if !matches!(state.kind, kind::VOICE | kind::STAGE) {
            return Err(ApiError::wrong_channel_type());
        }
        let session = self.dice.token(32).to_lowercase();
        let place = VoiceState {
            channel,
            session,
            self_mute: false,
            self_deaf: false,
        };
        self.guild_mut(guild)?.voice.insert(user, place);
        self.emit_voice(guild, user, None)
    }

    /// A user disconnects.
    pub(crate) fn leave_voice(&mut self, guild: Id, user: Id) -> ApiResult<()> {
        let gone = self
            .guild_mut(guild)?
            .voice
            .remove(&user)
            .ok_or_else(ApiError::not_in_voice)?;
        self.emit_voice(guild, user, Some(gone))
    }

    /// Moves a connected member, or throws them out.
    pub(crate) fn move_in_voice(&mut self, guild: Id, user: Id, to: Option<Id>) -> ApiResult<()> {
        let Some(to) = to else {
            return self.leave_voice(guild, user);
        };
        let target = self.channel(to)?;
        if target.guild_id != Some(guild) || !matches!(target.kind, kind::VOICE | kind::STAGE) {
            return Err(ApiError::wrong_channel_type());
        }
        self.guild_mut(guild)?
            .voice
            .get_mut(&user)
            .ok_or_else(ApiError::not_in_voice)?
            .channel = to;
        self.emit_voice(guild, user, None)
    }

    /// Tells the gateway where a member is now; `gone` is the state that ended.
    pub(crate) fn emit_voice(&mut self, guild: Id, user: Id, gone: Option<VoiceState>) -> ApiResult<()> {
        let state = self.guild(guild)?;
        let mut body = match &gone {
            Some(last) => voice_json(state, user, last),
            None => voice_json(
                state,
                user,
                state.voice.get(&user).ok_or_else(ApiError::not_in_voice)?,
            ),
        };
        if gone.is_some() {
            extend(&mut body, json!({ "channel_id": null }));
        }
        extend(&mut body, json!({ "guild_id": guild }));
        if let Some(member) = state.members.get(&user) {
            let member = json::member(self, member);
            extend(&mut body, json!({ "member": member }));
        }
        self.emit("VOICE_STATE_UPDATE", Scope::Guild(guild), body);
        Ok(())
    }
}

/// A voice state as Discord writes it, without its guild.
pub(crate) fn voice_json(guild: &Guild, user: Id, of: &VoiceState) -> Value {
    let member = guild.members.get(&user);
    json!({
        "channel_id": of.channel, "user_id": user, "session_id": of.session,
        "mute": member.is_some_and(|m| m.mute), "deaf": member.is_some_and(|m| m.deaf),
        "self_mute": of.self_mute, "self_deaf": of.self_deaf, "self_video": false, "suppress": false,
        "request_to_speak_timestamp": null,
    })
}
