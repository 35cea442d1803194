-- Tickets, their messages, and what is still to be done for them in Discord.

CREATE TABLE tickets (
    id TEXT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    creator_id BIGINT NOT NULL,
    creator_name TEXT NOT NULL,
    channel_id BIGINT,
    kind TEXT NOT NULL,
    -- undoing: the opening failed and what was made of it is being removed
    status TEXT NOT NULL CHECK (status IN ('opening', 'undoing', 'open', 'claimed', 'closed', 'deleting', 'deleted')),
    claimed_by BIGINT,
    assigned_to BIGINT,
    subject TEXT NOT NULL,
    initial_message TEXT NOT NULL,
    control_message_id BIGINT,
    -- the state that buttons and overwrites in Discord show
    drawn TEXT,
    reopen_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    claimed_at BIGINT,
    closed_at BIGINT,
    closed_by BIGINT,
    close_message TEXT,
    delete_after BIGINT,
    origin TEXT NOT NULL CHECK (origin IN ('discord', 'api')),
    UNIQUE (guild_id, number)
);
CREATE INDEX tickets_status ON tickets (guild_id, status, number);
CREATE INDEX tickets_creator ON tickets (guild_id, creator_id, created_at);
CREATE INDEX tickets_channel ON tickets (channel_id);

-- The number that the next ticket of a guild gets.
CREATE TABLE ticket_numbers (
    guild_id BIGINT PRIMARY KEY,
    next BIGINT NOT NULL
);

-- What was said, with the real author of each relayed message. `id` is Discord's message id, `content` the API's text.
CREATE TABLE ticket_messages (
    id BIGINT PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    guild_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    author_name TEXT NOT NULL,
    author_avatar TEXT,
    author_role TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('member', 'relay', 'initial', 'system')),
    content TEXT NOT NULL,
    display_content TEXT,
    nonce TEXT UNIQUE,
    sent_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT
);
CREATE INDEX ticket_messages_ticket ON ticket_messages (ticket_id, id);

-- Messages that the bot still has to post in a ticket's channel, in order of `sequence`.
CREATE TABLE ticket_outbox (
    nonce TEXT PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    sequence BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    author_name TEXT NOT NULL,
    author_avatar TEXT,
    author_role TEXT,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    display_content TEXT,
    -- what stands in Discord, in the guild's language, and whom it pings
    shown TEXT NOT NULL,
    pings BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX ticket_outbox_ticket ON ticket_outbox (ticket_id, sequence);

-- What has been done for a ticket in one round (the number of reopenings), so that a repeated run skips it.
CREATE TABLE ticket_steps (
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    round BIGINT NOT NULL,
    step TEXT NOT NULL,
    message_id BIGINT,
    done_at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, round, step)
);

-- Paid once per ticket and kind.
CREATE TABLE ticket_xp (
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, kind)
);
