-- The clock that embargoes, releases and warnings are judged by on every node: one function, so that tests can move it.
CREATE FUNCTION archive_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()';

-- What must follow the write of a head is recorded by that write and taken out when it was done, without another revision.
ALTER TABLE datasets ADD COLUMN effects jsonb, ADD COLUMN warn_at timestamptz;
CREATE INDEX datasets_with_effects ON datasets (accession) WHERE effects IS NOT NULL;
CREATE INDEX datasets_to_warn ON datasets (warn_at) WHERE warn_at IS NOT NULL;

-- Owners of datasets that are under embargo already are warned as the others, from the next warning on.
UPDATE datasets SET warn_at = (
    SELECT min(release_at - make_interval(hours => 24 * d.days)) FROM (VALUES (30), (7), (1)) AS d (days)
    WHERE release_at - make_interval(hours => 24 * d.days) > now())
WHERE state = 'Private' AND release_at > now();
