//! Faults of every kind with the time at which they happen, however they were asked for.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::error::ApiResult;
use crate::gateway::GatewayFault;
use crate::hub::Hub;

use super::{Chaos, FaultRule, WorldFault};

/// Something that goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Requests.
    Rest(FaultRule),
    /// Gateway connections.
    Gateway(GatewayFault),
    /// The world.
    World(WorldFault),
    /// Anything, by chance; `None` ends it.
    Chaos(Option<Chaos>),
}

/// A fault and when it happens. Reads from words, see [`FaultPlan::WORDS`].
#[derive(Clone, Debug, PartialEq)]
pub struct FaultPlan {
    /// What.
    pub fault: Fault,
    /// In so much time of the world's clock. A gateway fault waits beyond that for a bot that it can hit.
    pub after: Duration,
    /// Again and again in this time.
    pub every: Option<Duration>,
}

/// Why words are no fault.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct NoSuchFault(pub(super) String);

/// Lets a fault happen at its time.
///
/// # Errors
/// What the world says if it should happen at once and can't, and 400 if too many wait already.
pub(crate) fn start(hub: &Arc<Hub>, plan: FaultPlan) -> ApiResult<()> {
    if plan.after.is_zero() && plan.every.is_none() && happen(hub, &plan.fault)? {
        return Ok(());
    }
    let Some(waiting) = hub.faults.wait() else {
        return Err(super::too_many());
    };
    let (weak, clock) = (Arc::downgrade(hub), hub.clock.clone());
    tokio::spawn(async move {
        let _waiting = waiting;
        let mut at = clock.now();
        let mut pause = plan.after;
        loop {
            at = at.saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX));
            clock.wait_for(at).await;
            if !happen_to_somebody(&weak, &plan.fault).await {
                return;
            }
            match plan.every {
                Some(every) => pause = every,
                None => return,
            }
        }
    });
    Ok(())
}

/// Waits for a bot to hit, if one is needed. False if it will never happen.
async fn happen_to_somebody(hub: &Weak<Hub>, fault: &Fault) -> bool {
    let Some(mut changed) = hub.upgrade().map(|hub| hub.watch()) else {
        return false;
    };
    loop {
        changed.mark_unchanged();
        let Some(hub) = hub.upgrade() else {
            return false;
        };
        match happen(&hub, fault) {
            Ok(true) => return true,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, ?fault, "a planned fault could not happen");
                return true;
            }
        }
        drop(hub);
        if changed.changed().await.is_err() {
            return false;
        }
    }
}

/// False if there is no connection that it could hit.
fn happen(hub: &Hub, fault: &Fault) -> ApiResult<bool> {
    match fault {
        Fault::Rest(rule) if !hub.faults.add(rule.clone()) => return Err(super::too_many()),
        Fault::Rest(_) => {}
        Fault::Gateway(fault) => {
            let hit = hub.change_state(|state| state.sessions.afflict(None, fault));
            if hit == 0 && !matches!(fault, GatewayFault::DeadResumeUrl { .. }) {
                return Ok(false);
            }
        }
        Fault::World(fault) => hub.change_state(|state| fault.happen(state))?,
        Fault::Chaos(chaos) => {
            hub.faults.set_chaos(*chaos);
            hub.state().sessions.set_chaos(*chaos);
        }
    }
    Ok(true)
}
