-- The document of a version becomes two texts in columns of their own, read in pieces: the page tab that is given back and the one that
-- was sent. Not compressed (EXTERNAL), since only then can a piece be read without those before it.
ALTER TABLE dataset_documents
    ADD COLUMN page_tab bytea,
    ADD COLUMN page_tab_date text, -- the release date that page_tab tells as written there; null: none, or not known to
    ADD COLUMN page_tab_revision bigint NOT NULL DEFAULT 1, -- raised when page_tab is replaced, as after a move of the release date
    ADD COLUMN as_sent bytea;
ALTER TABLE dataset_documents ALTER COLUMN page_tab SET STORAGE EXTERNAL, ALTER COLUMN as_sent SET STORAGE EXTERNAL;

-- What documents hold so far are the trees as the program wrote them; they become the exchange format, as drafts did in 0003.
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

CREATE FUNCTION pg_temp.page_tab(given jsonb) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
    RETURN convert_to((
        jsonb_strip_nulls(jsonb_build_object('accno', given->'accession'))
        || CASE WHEN jsonb_typeof(given->'section') = 'object' THEN jsonb_build_object('section', pg_temp.item(given->'section')) ELSE '{}' END
        || jsonb_build_object('attributes', pg_temp.attributes(given->'attributes'), 'type', 'submission'))::text, 'UTF8');
END $$;

UPDATE dataset_documents SET page_tab = pg_temp.page_tab(data->'pageTab'), as_sent = pg_temp.page_tab(data->'asSent');

ALTER TABLE dataset_documents DROP COLUMN data, ALTER COLUMN page_tab SET NOT NULL, ALTER COLUMN as_sent SET NOT NULL;
DROP FUNCTION pg_temp.page_tab(jsonb), pg_temp.attributes(jsonb), pg_temp.item(jsonb), pg_temp.entries(jsonb);
