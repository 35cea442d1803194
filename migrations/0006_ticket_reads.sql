-- How far each person has read a ticket: the last message of Discord's that they have seen.

CREATE TABLE ticket_reads (
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, user_id)
);
CREATE INDEX ticket_reads_user ON ticket_reads (user_id);
