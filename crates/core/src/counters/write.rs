//! The rows of one flush.

use super::Batch;
use crate::{failure::Outcome, store::Tx};

/// Writes the deltas and the progress of the shards in one change.
pub(super) async fn write(tx: &mut Tx<'_>, batch: &Batch) -> Outcome<()> {
    crate::insert_rows!(
        tx,
        "INSERT INTO member_counters (guild_id, user_id, kind, value) ",
        &batch.deltas,
        |tuple, ((guild, user, counter), by)| {
            tuple
                .push_bind(*guild)
                .push_bind(*user)
                .push_bind(counter.name())
                .push_bind(*by);
        },
        " ON CONFLICT (guild_id, user_id, kind) DO UPDATE SET value = member_counters.value + excluded.value"
    )?;
    for (shard, progress) in &batch.shards {
        crate::execute!(
            tx,
            "INSERT INTO gateway_sessions (shard, session_id, resume_url, sequence, counted) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (shard) DO UPDATE SET session_id = excluded.session_id, resume_url = excluded.resume_url, sequence = excluded.sequence, counted = excluded.counted",
            i64::from(*shard),
            &*progress.id,
            &*progress.resume_url,
            progress.seen.cast_signed(),
            progress.counted.cast_signed()
        )?;
    }
    Ok(())
}
