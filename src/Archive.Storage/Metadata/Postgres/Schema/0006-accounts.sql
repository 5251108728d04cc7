-- Accounts that were made before mail existed count as confirmed.
UPDATE accounts SET data = data || '{"isConfirmed": true}';
ALTER TABLE accounts
    ADD COLUMN orcid        text COLLATE "C" UNIQUE,
    ADD COLUMN token_hashes text[] COLLATE "C" NOT NULL DEFAULT '{}',
    ADD COLUMN has_effects  boolean NOT NULL DEFAULT false;
CREATE INDEX accounts_by_token ON accounts USING gin (token_hashes);
CREATE INDEX accounts_with_effects ON accounts (id) WHERE has_effects;

-- A sign-in counts while its number is its account's: raising that one ends them all in the write that has the reason.
ALTER TABLE sessions ADD COLUMN epoch int NOT NULL DEFAULT 0;

-- A mail is held by one sender at a time. What it says is removed once it was sent; the row stays, so that it is not sent again.
CREATE TABLE mails (
    id          uuid PRIMARY KEY,
    created_at  timestamptz NOT NULL DEFAULT now(),
    due_at      timestamptz DEFAULT now(), -- null: sent, or given up
    attempt     int NOT NULL DEFAULT 0,
    message_id  text,
    sent_at     timestamptz,
    failure     text,
    data        jsonb
);
CREATE INDEX mails_due ON mails (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mails_done ON mails (created_at) WHERE due_at IS NULL;

CREATE TABLE audit (
    id           uuid PRIMARY KEY,
    sequence     bigint GENERATED ALWAYS AS IDENTITY,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    actor        uuid,
    subject_kind text COLLATE "C" NOT NULL,
    subject_id   text COLLATE "C" NOT NULL,
    data         jsonb NOT NULL
);
CREATE UNIQUE INDEX audit_in_order ON audit (sequence);
CREATE INDEX audit_by_subject ON audit (subject_kind, subject_id, sequence);
CREATE INDEX audit_by_actor ON audit (actor, sequence) WHERE actor IS NOT NULL;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''the audit is only ever added to''; END';
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Counts that bound what somebody may try. Nothing is lost with them, so they are spared the log of writes.
CREATE UNLOGGED TABLE tallies (
    key    text COLLATE "C" PRIMARY KEY,
    count  bigint NOT NULL,
    until  timestamptz NOT NULL
);
CREATE INDEX tallies_by_end ON tallies (until);
