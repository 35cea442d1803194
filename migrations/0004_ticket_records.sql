-- What is kept of tickets: copies of their files, and the index of the search.

-- A file of a message. `id` is Discord's, `name` and `claimed_type` are what its sender says.
CREATE TABLE ticket_files (
    id BIGINT PRIMARY KEY,
    message_id BIGINT NOT NULL REFERENCES ticket_messages (id) ON DELETE CASCADE,
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    guild_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    claimed_type TEXT,
    -- what the content is by its first bytes, once it is copied
    found_type TEXT,
    url TEXT NOT NULL,
    -- copying: room is reserved; withdrawn: its message has lost it, the copy is still to be deleted
    state TEXT NOT NULL CHECK (state IN
        ('waiting', 'copying', 'stored', 'too_large', 'full', 'gone', 'failed', 'withdrawn', 'removed')),
    tries BIGINT NOT NULL DEFAULT 0,
    stored_at BIGINT
);
CREATE INDEX ticket_files_ticket ON ticket_files (ticket_id, message_id);
CREATE INDEX ticket_files_message ON ticket_files (message_id);
CREATE INDEX ticket_files_guild ON ticket_files (guild_id, state);

-- For the time that records of closed tickets are kept.
CREATE INDEX tickets_closed ON tickets (guild_id, closed_at);

-- Full text of all messages that are not deleted, by word and beginning of a word.
-- only SQLite
CREATE VIRTUAL TABLE ticket_words USING fts5 (
    content, author_name, guild_id, content = 'ticket_messages', content_rowid = 'id', prefix = '2 3 4 5 6',
    tokenize = 'unicode61 remove_diacritics 0'
);
INSERT INTO ticket_words (rowid, content, author_name, guild_id)
    SELECT id, content, author_name, guild_id FROM ticket_messages WHERE deleted_at IS NULL;
CREATE TRIGGER ticket_words_added AFTER INSERT ON ticket_messages WHEN new.deleted_at IS NULL BEGIN
    INSERT INTO ticket_words (rowid, content, author_name, guild_id)
        VALUES (new.id, new.content, new.author_name, new.guild_id);
END;
CREATE TRIGGER ticket_words_left AFTER DELETE ON ticket_messages WHEN old.deleted_at IS NULL BEGIN
    INSERT INTO ticket_words (ticket_words, rowid, content, author_name, guild_id)
        VALUES ('delete', old.id, old.content, old.author_name, old.guild_id);
END;
CREATE TRIGGER ticket_words_edited AFTER UPDATE OF content, deleted_at ON ticket_messages
    WHEN old.deleted_at IS NULL BEGIN
    INSERT INTO ticket_words (ticket_words, rowid, content, author_name, guild_id)
        VALUES ('delete', old.id, old.content, old.author_name, old.guild_id);
    INSERT INTO ticket_words (rowid, content, author_name, guild_id)
        SELECT new.id, new.content, new.author_name, new.guild_id WHERE new.deleted_at IS NULL;
END;
-- only PostgreSQL
ALTER TABLE ticket_messages ADD COLUMN words TSVECTOR
    GENERATED ALWAYS AS (to_tsvector('simple', content || ' ' || author_name)) STORED;
CREATE INDEX ticket_messages_words ON ticket_messages USING GIN (words);
-- both
