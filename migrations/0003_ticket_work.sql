-- Work on tickets: priority, tags, people who were added, notes of staff, canned replies, requests to close, ratings.

-- 0 low, 1 normal, 2 high, 3 urgent
ALTER TABLE tickets ADD COLUMN priority BIGINT NOT NULL DEFAULT 1;
-- A ticket that closes by itself unless somebody objects: who asked for it (nobody: it is inactive), when, and when it closes.
ALTER TABLE tickets ADD COLUMN close_asked_by BIGINT;
ALTER TABLE tickets ADD COLUMN close_asked_at BIGINT;
ALTER TABLE tickets ADD COLUMN close_due BIGINT;
-- The first message of a staff member who did not open the ticket.
ALTER TABLE tickets ADD COLUMN first_answer_at BIGINT;
ALTER TABLE tickets ADD COLUMN first_answer_by BIGINT;
-- When staff were told that nobody had answered.
ALTER TABLE tickets ADD COLUMN escalated_at BIGINT;
CREATE INDEX tickets_created ON tickets (guild_id, created_at);

-- What a waiting message carries besides its text: the word of its buttons, and a role that it pings.
ALTER TABLE ticket_outbox ADD COLUMN buttons TEXT;
ALTER TABLE ticket_outbox ADD COLUMN pings_role BIGINT;

-- A tag holds no space, so that lists of them are joined by one.
CREATE TABLE ticket_tags (
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (ticket_id, tag)
);

-- People besides creator and staff. One who was removed stays as a row until Discord's overwrite is gone.
CREATE TABLE ticket_participants (
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    removed BIGINT NOT NULL DEFAULT 0,
    -- the rights that Discord shows: 'write', 'read', or none yet
    drawn TEXT,
    PRIMARY KEY (ticket_id, user_id)
);
CREATE INDEX ticket_participants_user ON ticket_participants (user_id);

-- Seen by staff only.
CREATE TABLE ticket_notes (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    guild_id BIGINT NOT NULL,
    -- nobody for a panel login without a Discord account
    author_id BIGINT,
    author_name TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX ticket_notes_ticket ON ticket_notes (ticket_id, id);

-- Texts that staff send again and again.
CREATE TABLE ticket_replies (
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, name)
);

-- What the creator thought of a closed ticket; `round` is the number of reopenings that it was given after.
CREATE TABLE ticket_ratings (
    ticket_id TEXT PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    guild_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    stars BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
    comment TEXT,
    rated_at BIGINT NOT NULL
);
CREATE INDEX ticket_ratings_guild ON ticket_ratings (guild_id, rated_at);

-- Tickets that were answered before are not taken for unanswered.
UPDATE tickets SET
    first_answer_at = (SELECT MIN(sent_at) FROM ticket_messages WHERE ticket_id = tickets.id
        AND author_role IS NOT NULL AND author_id <> tickets.creator_id AND kind IN ('member', 'relay')),
    first_answer_by = (SELECT author_id FROM ticket_messages WHERE ticket_id = tickets.id
        AND author_role IS NOT NULL AND author_id <> tickets.creator_id AND kind IN ('member', 'relay')
        ORDER BY ticket_messages.id LIMIT 1);
