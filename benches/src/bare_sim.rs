//! A simulated Discord in a process of its own, so that its memory and its time are its own.

use std::{io::Read as _, process::Stdio, str::FromStr};

use discord_sim::{CommunityOptions, Scenario, Sim, SimOptions};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{Problem, show};

/// How large the world is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// People of the community.
    pub(crate) people: usize,
    /// Its channels.
    pub(crate) channels: usize,
    /// Guilds of the bot, the community included.
    pub(crate) guilds: usize,
}

/// Channels that the community has anyway.
const USUAL_CHANNELS: usize = 15;

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Vec<usize> = text.split(',').filter_map(|n| n.parse().ok()).collect();
        match numbers.as_slice() {
            [people, channels, guilds] => Ok(Self {
                people: *people,
                channels: *channels,
                guilds: *guilds,
            }),
            _ => Err("write people,channels,guilds".to_owned()),
        }
    }
}

/// Serves it and prints gateway and token, until standard input ends.
pub(crate) async fn serve(size: Size) -> Result<(), Problem> {
    let options = CommunityOptions {
        people: size.people,
        more_channels: size.channels.saturating_sub(USUAL_CHANNELS),
        more_guilds: size.guilds.saturating_sub(1),
        ..CommunityOptions::default()
    };
    let (world, community) = Scenario::community_with(options)
        .map_err(|error| format!("the community can't be made: {error:?}"))?;
    let sim_options = SimOptions {
        rate_limits: false,
        ..SimOptions::default()
    };
    let sim = Sim::start(sim_options, world).await?;
    show(&format!(
        "{} {} {}",
        sim.gateway_url(),
        community.bot_token,
        community.guild
    ));
    drop(community);
    // Whoever started this has ended, however the reading ends.
    let _ = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0])).await;
    Ok(())
}

/// The simulator in another process. It ends when this is dropped.
pub(crate) struct BareSim {
    /// Its gateway's address.
    pub(crate) gateway: String,
    /// The bot's token.
    pub(crate) token: String,
    /// The community's id.
    pub(crate) guild: String,
    child: Child,
}

impl BareSim {
    /// Starts it.
    pub(crate) async fn start(size: Size) -> Result<Self, Problem> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--bare-sim")
            .arg(format!("{},{},{}", size.people, size.channels, size.guilds))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().ok_or("the simulator says nothing")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).await?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let mut word = || words.next().ok_or("the simulator did not start");
        Ok(Self {
            gateway: word()?,
            token: word()?,
            guild: word()?,
            child,
        })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> Result<u32, Problem> {
        self.child
            .id()
            .ok_or_else(|| "the simulator ended by itself".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_three_numbers() {
        let size = Size {
            people: 100,
            channels: 20,
            guilds: 3,
        };
        assert_eq!("100,20,3".parse(), Ok(size));
        assert!("100,20".parse::<Size>().is_err());
        assert!("a,b,c".parse::<Size>().is_err());
    }
}
