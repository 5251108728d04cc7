-- Collaborators, access keys and offers of ownership: beside drafts and datasets, so that no change of them is a public change.
CREATE TABLE sharing (
    kind      text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    revision  bigint NOT NULL,
    accounts  uuid[] NOT NULL,             -- collaborators that are bound to an account
    emails    text[] COLLATE "C" NOT NULL, -- and those who are known by their address alone, in upper case
    effects   jsonb,
    data      jsonb NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX sharing_by_account ON sharing USING gin (accounts);
CREATE INDEX sharing_by_email ON sharing USING gin (emails);
CREATE INDEX sharing_with_effects ON sharing (kind, id) WHERE effects IS NOT NULL;
