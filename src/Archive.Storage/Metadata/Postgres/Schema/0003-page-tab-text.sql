-- A draft's page tab becomes its text as it was sent, in a column of its own: who needs the draft no longer reads it, and who needs
-- the text reads it in pieces. Not compressed (EXTERNAL), since only then can a piece be read without those before it.
ALTER TABLE drafts
    ADD COLUMN page_tab bytea,
    ADD COLUMN page_tab_revision bigint; -- the revision that put it there
ALTER TABLE drafts ALTER COLUMN page_tab SET STORAGE EXTERNAL;

-- What drafts hold so far is the tree as the program wrote it; it becomes the exchange format.
CREATE FUNCTION pg_temp.attributes(given jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('name', a->'name', 'value', a->'value') || jsonb_strip_nulls(jsonb_build_object(
            'reference', nullif(a->'reference', 'false'),
            'nmqual', nullif(a->'nameQualifiers', '[]'),
            'valqual', nullif(a->'valueQualifiers', '[]'))) ORDER BY n), '[]')
        FROM jsonb_array_elements(given) WITH ORDINALITY AS e(a, n));
END $$;

CREATE FUNCTION pg_temp.item(given jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RETURN jsonb_strip_nulls(jsonb_build_object(
            'accno', given->'accession', 'type', given->'type', 'path', given->'path', 'size', given->'lengthBytes', 'url', given->'url',
            'files', pg_temp.entries(given->'files'), 'links', pg_temp.entries(given->'links'),
            'subsections', pg_temp.entries(given->'subsections')))
        || jsonb_build_object('attributes', pg_temp.attributes(given->'attributes'));
END $$;

CREATE FUNCTION pg_temp.entries(given jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT jsonb_agg(CASE WHEN (e->>'isTable')::boolean
            THEN (SELECT jsonb_agg(pg_temp.item(i) ORDER BY m) FROM jsonb_array_elements(e->'items') WITH ORDINALITY AS r(i, m))
            ELSE pg_temp.item(e->'items'->0) END ORDER BY n)
        FROM jsonb_array_elements(given) WITH ORDINALITY AS l(e, n));
END $$;

UPDATE drafts SET page_tab_revision = revision, data = data - 'pageTab', page_tab = convert_to((
        jsonb_strip_nulls(jsonb_build_object('accno', data#>'{pageTab,accession}'))
        || CASE WHEN jsonb_typeof(data#>'{pageTab,section}') = 'object'
            THEN jsonb_build_object('section', pg_temp.item(data#>'{pageTab,section}')) ELSE '{}' END
        || jsonb_build_object('attributes', pg_temp.attributes(data#>'{pageTab,attributes}')))::text, 'UTF8')
    WHERE jsonb_typeof(data->'pageTab') = 'object';

DROP FUNCTION pg_temp.attributes(jsonb), pg_temp.item(jsonb), pg_temp.entries(jsonb);
