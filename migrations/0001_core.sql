-- What every feature stands on. One text for SQLite and PostgreSQL; see docs of `hazebot_core::store::migrate` for the
-- three words that are replaced for SQLite. Times are Unix milliseconds, snowflakes BIGINT, JSON is TEXT.
-- guild_id 0 means the installation.

-- Facts that actions wrote, in order of id.
CREATE TABLE events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT,
    actor TEXT NOT NULL,
    payload TEXT NOT NULL
);
CREATE INDEX events_at ON events (at);
CREATE INDEX events_subject ON events (subject, id);

-- Who did what, with the state before and after.
CREATE TABLE audit (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    actor TEXT NOT NULL,
    actor_user_id BIGINT,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    state_before TEXT,
    state_after TEXT
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_guild ON audit (guild_id, id);

-- Things to do at a time. `generation` counts how often a row was scheduled anew, so that a run that began before
-- does not delete what was scheduled meanwhile.
CREATE TABLE jobs (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    guild_id BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    generation BIGINT NOT NULL DEFAULT 0,
    leased_until BIGINT,
    lease_token TEXT,
    payload TEXT NOT NULL,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX jobs_due ON jobs (due_at);

-- Merged counters: one row per member and kind, written at most four times a second.
CREATE TABLE member_counters (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id, kind)
);
CREATE INDEX member_counters_top ON member_counters (guild_id, kind, value);

-- How to resume a shard. `sequence`: all effects up to it are stored; `counted`: counters up to it are stored.
CREATE TABLE gateway_sessions (
    shard BIGINT PRIMARY KEY,
    session_id TEXT NOT NULL,
    resume_url TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    counted BIGINT NOT NULL
);

-- Settings that differ from their default, as JSON.
CREATE TABLE settings (
    guild_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (guild_id, key)
);

-- Each change of settings, to show and to undo.
CREATE TABLE setting_versions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    changes TEXT NOT NULL
);
CREATE INDEX setting_versions_guild ON setting_versions (guild_id, id);

-- Texts that a guild says its own way.
CREATE TABLE text_overrides (
    guild_id BIGINT NOT NULL,
    locale TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (guild_id, locale, key)
);

-- Encrypted values.
CREATE TABLE secrets (
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (guild_id, name)
);

-- Cache entries that outlive a restart. Keys of a guild begin with its id.
CREATE TABLE cache_entries (
    key TEXT PRIMARY KEY,
    value BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX cache_entries_expiry ON cache_entries (expires_at);

-- Which cogs stay unloaded over a restart.
CREATE TABLE cogs (
    name TEXT PRIMARY KEY,
    disabled BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);

-- Signed-in people and devices, of the installation.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id BIGINT,
    login TEXT,
    username TEXT NOT NULL,
    role TEXT NOT NULL,
    role_name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    auth_type TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    absolute_expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    ip TEXT,
    device TEXT,
    platform TEXT,
    app_version TEXT,
    user_agent TEXT
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (absolute_expires_at);

-- Who may join a ticket's room from an app that sends no token at connect time.
CREATE TABLE room_grants (
    user_id BIGINT NOT NULL,
    ticket_id TEXT NOT NULL,
    ip TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (user_id, ticket_id, ip)
);
CREATE INDEX room_grants_at ON room_grants (at);

-- When somebody last used the app.
CREATE TABLE app_usage (
    user_id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);
