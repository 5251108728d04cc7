-- Rule sets that operators wrote, beside those that come with the archive or in their place.
CREATE TABLE rule_sets (
    id   text COLLATE "C" PRIMARY KEY,
    data jsonb NOT NULL
);

-- Raised by each change of a collection or rule set; one that depends on others, such as a parent, compares it.
INSERT INTO number_series (name, last) VALUES ('collections', 0);

-- What curators said last, and since when a dataset waits for them. The release date of what is held does not release it.
ALTER TABLE datasets ADD COLUMN review text, ADD COLUMN waiting_since timestamptz;
CREATE INDEX datasets_waiting ON datasets (waiting_since, accession) WHERE waiting_since IS NOT NULL;
DROP INDEX datasets_due;
CREATE INDEX datasets_due ON datasets (release_at)
    WHERE state = 'Private' AND release_at IS NOT NULL AND (review IS NULL OR review = 'Approved');
