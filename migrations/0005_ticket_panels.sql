-- Messages in a guild's channels from which tickets are opened.

CREATE TABLE ticket_panels (
    id TEXT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    -- where it stands now; it may still be the former channel after a move
    message_channel_id BIGINT,
    message_id BIGINT,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    style TEXT NOT NULL CHECK (style IN ('buttons', 'menu')),
    -- names of types as a JSON list; an empty one is all
    kinds TEXT NOT NULL,
    -- why it does not stand in Discord as it should, as a message id of the texts
    problem TEXT,
    removed BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX ticket_panels_guild ON ticket_panels (guild_id, created_at);
