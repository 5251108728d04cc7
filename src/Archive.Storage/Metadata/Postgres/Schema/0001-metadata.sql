-- Documents are jsonb with the few columns lifted out that queries or the store itself need. A lifted column that the store
-- sets (revision, change, attempt ...) is the truth; the document's own copy of it is not read.
-- Names, paths and keys sort by code point, as the program does, so they are COLLATE "C" whatever the database's locale.

CREATE TABLE archive_identity (
    single     boolean PRIMARY KEY DEFAULT true CHECK (single),
    id         text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE drafts (
    id        uuid PRIMARY KEY,
    owner     uuid NOT NULL,
    revision  bigint NOT NULL,
    sealed_by uuid,
    sealed_at timestamptz,
    data      jsonb NOT NULL
);
CREATE INDEX drafts_by_owner ON drafts (owner, id DESC);
CREATE INDEX drafts_sealed ON drafts (sealed_at) WHERE sealed_at IS NOT NULL;

-- One row for each path of a draft: the whole file that stands there (content ...) and the transfer running to it (upload ...).
CREATE TABLE staged_paths (
    draft          uuid NOT NULL,
    path           text COLLATE "C" NOT NULL, -- under NFC
    sent_path      text COLLATE "C",          -- as sent, where that differs
    content        uuid,
    length_bytes   bigint,
    md5            bytea,
    sha256         bytea,
    crc32          bigint,
    received_at    timestamptz,
    upload         uuid,
    upload_path    text COLLATE "C",
    promised_bytes bigint,
    lease_until    timestamptz,
    PRIMARY KEY (draft, path)
);
CREATE INDEX staged_paths_running ON staged_paths (lease_until) WHERE upload IS NOT NULL;

CREATE TABLE submissions (
    id               uuid PRIMARY KEY,
    draft            uuid NOT NULL,
    accession        text COLLATE "C" NOT NULL,
    owner            uuid NOT NULL,
    active           boolean NOT NULL,
    attempt          bigint NOT NULL DEFAULT 0,
    attempts         bigint[] NOT NULL DEFAULT '{}',
    node             text,
    lease_until      timestamptz,
    due_at           timestamptz NOT NULL DEFAULT now(),
    cancel_requested boolean NOT NULL,
    data             jsonb NOT NULL
);
CREATE UNIQUE INDEX submissions_one_active ON submissions (accession) WHERE active;
CREATE INDEX submissions_due ON submissions (due_at) WHERE active;
CREATE INDEX submissions_by_owner ON submissions (owner, id DESC);
CREATE INDEX submissions_by_draft ON submissions (draft, id DESC);
CREATE INDEX submissions_by_accession ON submissions (accession, id);

CREATE TABLE datasets (
    accession   text COLLATE "C" PRIMARY KEY,
    prefix      text COLLATE "C" NOT NULL,
    number      bigint NOT NULL,
    owner       uuid NOT NULL,
    state       text NOT NULL,
    release_at  timestamptz,
    file_count  bigint NOT NULL,
    total_bytes bigint NOT NULL,
    change      bigint NOT NULL,
    changed_at  timestamptz,
    revision    bigint NOT NULL,
    data        jsonb NOT NULL
);
CREATE UNIQUE INDEX datasets_by_change ON datasets (change) INCLUDE (state, file_count, total_bytes) WHERE change > 0;
CREATE INDEX datasets_due ON datasets (release_at) WHERE state = 'Private' AND release_at IS NOT NULL;
CREATE INDEX datasets_by_number ON datasets (prefix DESC, number DESC);
CREATE INDEX datasets_by_owner ON datasets (owner, prefix DESC, number DESC);

CREATE TABLE dataset_documents (
    accession  text COLLATE "C" NOT NULL,
    number     int NOT NULL,
    submission uuid NOT NULL,
    data       jsonb NOT NULL,
    PRIMARY KEY (accession, number, submission)
);

-- Rows of one pass lie together in path order, as they are written, read and, when the pass fails, removed. A version's file set
-- is the merge of the few passes up to it; no second index on the path is needed for that.
CREATE TABLE file_references (
    accession    text COLLATE "C" NOT NULL,
    submission   uuid NOT NULL,
    path         text COLLATE "C" NOT NULL, -- under NFC
    sent_path    text COLLATE "C",          -- as sent, where that differs
    version      int NOT NULL,
    object_key   text COLLATE "C",          -- null: the row removes the path
    length_bytes bigint NOT NULL,
    md5          bytea,
    sha256       bytea,
    crc32        bigint,
    format       text NOT NULL,
    attributes   jsonb,                     -- [name, value, name, value ...]
    PRIMARY KEY (accession, submission, path)
);
-- The sweep asks which keys are referred to; a hash keeps the index small where keys have a hundred bytes.
CREATE INDEX file_references_by_key ON file_references (accession, hashtextextended(object_key, 0)) WHERE object_key IS NOT NULL;

CREATE TABLE accounts (
    id        uuid PRIMARY KEY,
    email_key text COLLATE "C" NOT NULL UNIQUE, -- the address in upper case
    revision  bigint NOT NULL,
    data      jsonb NOT NULL
);

CREATE TABLE sessions (
    token_hash text COLLATE "C" PRIMARY KEY,
    account    uuid NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE collections (
    key  text COLLATE "C" PRIMARY KEY, -- the name in upper case
    data jsonb NOT NULL
);

-- Numbers that are given once: 'accession/<prefix>', 'attempt', 'change'. Rows and not sequences, because a row's lock is held
-- until its writer commits (so the order of numbers is the order of commits) and a raise cannot race with a taker.
CREATE TABLE number_series (
    name text COLLATE "C" PRIMARY KEY,
    last bigint NOT NULL
);
INSERT INTO number_series (name, last) VALUES ('attempt', 0), ('change', 0);
