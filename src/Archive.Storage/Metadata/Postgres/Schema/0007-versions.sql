-- The dataset that a draft makes the next version of: one open revision of each.
ALTER TABLE drafts ADD COLUMN revises text COLLATE "C";
CREATE UNIQUE INDEX drafts_by_revised ON drafts (revises) WHERE revises IS NOT NULL;

-- Set on a row without content: the path is in the version before, and is not to be in the next.
ALTER TABLE staged_paths ADD COLUMN removed boolean NOT NULL DEFAULT false;

-- A version is public when it was the newest one at some time while its dataset was. There was one version of each so far.
UPDATE datasets SET data = jsonb_set(data, '{versions}', (
        SELECT jsonb_agg(v || '{"isPublic": true}' ORDER BY n) FROM jsonb_array_elements(data->'versions') WITH ORDINALITY AS e(v, n)))
    WHERE change > 0;

-- A submission is written at each step: with room on its own page, also when the volume has none left to tell what it waits for.
ALTER TABLE submissions SET (fillfactor = 40);
