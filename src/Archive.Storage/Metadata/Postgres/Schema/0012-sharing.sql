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

-- Whose submissions are listed: those of a dataset or draft that is given to somebody else are his from then on. Who submitted what stays in them.
CREATE FUNCTION move_submissions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'datasets' THEN
        UPDATE submissions SET owner = NEW.owner WHERE accession = NEW.accession AND owner <> NEW.owner;
    ELSE
        UPDATE submissions SET owner = NEW.owner WHERE draft = NEW.id AND owner <> NEW.owner;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER submissions_move_with_datasets AFTER UPDATE OF owner ON datasets FOR EACH ROW WHEN (OLD.owner IS DISTINCT FROM NEW.owner) EXECUTE FUNCTION move_submissions();
CREATE TRIGGER submissions_move_with_drafts AFTER UPDATE OF owner ON drafts FOR EACH ROW WHEN (OLD.owner IS DISTINCT FROM NEW.owner) EXECUTE FUNCTION move_submissions();
