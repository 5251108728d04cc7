-- What is staged is counted by draft, by account and in all, in the transaction that changes the rows themselves: whatever is killed, a count
-- is that of the rows. A row costs what stands at its path or what was promised to it, whichever is more, so that a transfer that was let
-- in never has to be refused at its end, and one that replaces a file costs the difference.
CREATE TABLE staging_drafts (
    draft   uuid PRIMARY KEY,
    account uuid, -- who pays: the draft's owner; null where there is no such draft
    bytes   bigint NOT NULL,
    files   bigint NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX staging_drafts_by_account ON staging_drafts (account);

CREATE TABLE staging_usage (
    account uuid PRIMARY KEY, -- all zeros: everybody's
    bytes   bigint NOT NULL,
    files   bigint NOT NULL
) WITH (fillfactor = 50);

-- An account's own quota, where an operator gave it one; 0: none at all.
ALTER TABLE accounts ADD COLUMN staging_quota_bytes bigint, ADD COLUMN staging_quota_files bigint;

-- A draft expires when nobody has touched it for long. Warned of its end: how many days before; both null again when it is touched.
ALTER TABLE drafts
    ADD COLUMN touched_at  timestamptz NOT NULL DEFAULT archive_now(),
    ADD COLUMN warned_days int,
    ADD COLUMN warned_at   timestamptz,
    ADD COLUMN expired_at  timestamptz, -- it is being removed, and nobody finds it any more
    ADD COLUMN effects     jsonb;
CREATE INDEX drafts_by_touch ON drafts (touched_at) WHERE sealed_by IS NULL AND expired_at IS NULL;
CREATE INDEX drafts_expired ON drafts (id) WHERE expired_at IS NOT NULL;
-- A revision that has expired leaves its dataset free for the next one.
DROP INDEX drafts_by_revised;
CREATE UNIQUE INDEX drafts_by_revised ON drafts (revises) WHERE revises IS NOT NULL AND expired_at IS NULL;
CREATE INDEX drafts_with_effects ON drafts (id) WHERE effects IS NOT NULL;

-- Rows are locked in this order everywhere: draft, account, all.
CREATE FUNCTION charge_staging(of_draft uuid, more_bytes bigint, more_files bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    payer uuid;
BEGIN
    IF more_bytes = 0 AND more_files = 0 THEN RETURN; END IF;
    INSERT INTO staging_drafts AS d (draft, account, bytes, files)
    VALUES (of_draft, (SELECT owner FROM drafts WHERE id = of_draft), more_bytes, more_files)
    ON CONFLICT (draft) DO UPDATE SET bytes = d.bytes + excluded.bytes, files = d.files + excluded.files
    RETURNING account INTO payer;
    IF payer IS NOT NULL THEN
        INSERT INTO staging_usage AS u (account, bytes, files) VALUES (payer, more_bytes, more_files)
        ON CONFLICT (account) DO UPDATE SET bytes = u.bytes + excluded.bytes, files = u.files + excluded.files;
    END IF;
    INSERT INTO staging_usage AS u (account, bytes, files) VALUES ('00000000-0000-0000-0000-000000000000', more_bytes, more_files)
    ON CONFLICT (account) DO UPDATE SET bytes = u.bytes + excluded.bytes, files = u.files + excluded.files;
END $$;

-- One statement changes rows of one draft only, so that the order of locks holds.
CREATE FUNCTION count_staged_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        FOR part IN SELECT draft, coalesce(sum(greatest(length_bytes, promised_bytes, 0)), 0)::bigint AS bytes,
                count(*) FILTER (WHERE content IS NOT NULL OR promised_bytes IS NOT NULL) AS files
            FROM came GROUP BY draft ORDER BY draft
        LOOP PERFORM charge_staging(part.draft, part.bytes, part.files); END LOOP;
    ELSIF TG_OP = 'DELETE' THEN
        FOR part IN SELECT draft, coalesce(sum(greatest(length_bytes, promised_bytes, 0)), 0)::bigint AS bytes,
                count(*) FILTER (WHERE content IS NOT NULL OR promised_bytes IS NOT NULL) AS files
            FROM went GROUP BY draft ORDER BY draft
        LOOP PERFORM charge_staging(part.draft, -part.bytes, -part.files); END LOOP;
    ELSE
        FOR part IN SELECT draft, sum(bytes)::bigint AS bytes, sum(files)::bigint AS files
            FROM (SELECT draft, greatest(length_bytes, promised_bytes, 0) AS bytes, (content IS NOT NULL OR promised_bytes IS NOT NULL)::int AS files FROM came
                UNION ALL
                SELECT draft, -greatest(length_bytes, promised_bytes, 0), -(content IS NOT NULL OR promised_bytes IS NOT NULL)::int FROM went) AS changes
            GROUP BY draft ORDER BY draft
        LOOP PERFORM charge_staging(part.draft, part.bytes, part.files); END LOOP;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER staged_rows_came AFTER INSERT ON staged_paths REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION count_staged_rows();
CREATE TRIGGER staged_rows_went AFTER DELETE ON staged_paths REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION count_staged_rows();
CREATE TRIGGER staged_rows_changed AFTER UPDATE ON staged_paths REFERENCING OLD TABLE AS went NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION count_staged_rows();

-- What is staged for a draft goes with it to its new owner.
CREATE FUNCTION move_staging() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved staging_drafts;
BEGIN
    SELECT * INTO moved FROM staging_drafts WHERE draft = NEW.id FOR UPDATE;
    IF NOT FOUND THEN RETURN NULL; END IF;
    INSERT INTO staging_usage (account, bytes, files) VALUES (NEW.owner, 0, 0) ON CONFLICT DO NOTHING;
    PERFORM 1 FROM staging_usage WHERE account IN (moved.account, NEW.owner) ORDER BY account FOR UPDATE;
    UPDATE staging_usage SET bytes = bytes - moved.bytes, files = files - moved.files WHERE account = moved.account;
    UPDATE staging_usage SET bytes = bytes + moved.bytes, files = files + moved.files WHERE account = NEW.owner;
    UPDATE staging_drafts SET account = NEW.owner WHERE draft = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER staging_moves AFTER UPDATE OF owner ON drafts FOR EACH ROW WHEN (OLD.owner IS DISTINCT FROM NEW.owner) EXECUTE FUNCTION move_staging();

-- Takes a path for one transfer, where the quotas allow it. Outcomes: begun, held (another transfer has the path), account-full, all-full; of
-- the last three nothing stays. Quotas are those of accounts without one of their own; 0: none. Promised null: nothing will be sent.
-- The commit is not waited for (nobody is told anything that rests on it: a transfer whose row a crash took back is refused at its end), so
-- that the counts, which all transfers of an account write, are locked for a moment only.
CREATE FUNCTION begin_transfer(
    of_draft uuid, at_path text, by_upload uuid, sent text, promised bigint, lease interval, bytes_of_one bigint, files_of_one bigint, bytes_of_all bigint,
    OUT outcome text, OUT used_bytes bigint, OUT used_files bigint, OUT quota_bytes bigint, OUT quota_files bigint)
LANGUAGE plpgsql AS $$
DECLARE
    standing_bytes bigint;
    stands boolean;
    payer uuid;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM touch_draft(of_draft);
    BEGIN
        INSERT INTO staged_paths AS s (draft, path, upload, upload_path, promised_bytes, lease_until)
        VALUES (of_draft, at_path, by_upload, sent, promised, clock_timestamp() + lease)
        ON CONFLICT (draft, path) DO UPDATE SET upload = excluded.upload, upload_path = excluded.upload_path,
            promised_bytes = excluded.promised_bytes, lease_until = excluded.lease_until
        WHERE s.upload IS NULL OR s.upload = excluded.upload OR s.lease_until <= clock_timestamp()
        RETURNING coalesce(s.length_bytes, 0), s.content IS NOT NULL INTO standing_bytes, stands;
        IF NOT FOUND THEN
            outcome := 'held';
            RETURN;
        END IF;
        outcome := 'begun';
        SELECT account INTO payer FROM staging_drafts WHERE draft = of_draft;
        quota_bytes := coalesce((SELECT staging_quota_bytes FROM accounts WHERE id = payer), bytes_of_one);
        quota_files := coalesce((SELECT staging_quota_files FROM accounts WHERE id = payer), files_of_one);
        -- Read after the trigger has written them, so they are locked and nobody else's come in between.
        SELECT bytes, files INTO used_bytes, used_files FROM staging_usage WHERE account = payer;
        IF promised > standing_bytes AND quota_bytes > 0 AND used_bytes > quota_bytes
            OR promised IS NOT NULL AND NOT stands AND quota_files > 0 AND used_files > quota_files THEN
            outcome := 'account-full';
        ELSIF promised > standing_bytes AND bytes_of_all > 0
            AND (SELECT bytes FROM staging_usage WHERE account = '00000000-0000-0000-0000-000000000000') > bytes_of_all THEN
            outcome := 'all-full';
        END IF;
        IF outcome <> 'begun' THEN RAISE SQLSTATE 'ARFUL'; END IF;
    EXCEPTION WHEN SQLSTATE 'ARFUL' THEN
        -- Who has nothing staged may have no row.
        used_bytes := coalesce((SELECT bytes FROM staging_usage WHERE account = payer), 0);
        used_files := coalesce((SELECT files FROM staging_usage WHERE account = payer), 0);
    END;
END $$;

-- Promises a running transfer of unknown length as much of what it wants as the quotas leave, and at least what it needs or nothing more
-- than before. Null: it no longer holds its path.
CREATE FUNCTION grow_transfer(
    of_draft uuid, at_path text, by_upload uuid, wanted bigint, needed bigint, bytes_of_one bigint, files_of_one bigint, bytes_of_all bigint,
    OUT outcome text, OUT used_bytes bigint, OUT used_files bigint, OUT quota_bytes bigint, OUT quota_files bigint, OUT granted bigint)
LANGUAGE plpgsql AS $$
DECLARE
    standing_bytes bigint;
    before bigint;
    payer uuid;
    over_account bigint := 0;
    over_all bigint := 0;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT promised_bytes, coalesce(length_bytes, 0) INTO before, standing_bytes FROM staged_paths
    WHERE draft = of_draft AND path = at_path AND upload = by_upload AND lease_until > clock_timestamp() FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'held';
        RETURN;
    END IF;
    UPDATE staged_paths SET promised_bytes = wanted WHERE draft = of_draft AND path = at_path;
    SELECT account INTO payer FROM staging_drafts WHERE draft = of_draft;
    quota_bytes := coalesce((SELECT staging_quota_bytes FROM accounts WHERE id = payer), bytes_of_one);
    quota_files := coalesce((SELECT staging_quota_files FROM accounts WHERE id = payer), files_of_one);
    SELECT bytes, files INTO used_bytes, used_files FROM staging_usage WHERE account = payer;
    IF quota_bytes > 0 THEN over_account := greatest(used_bytes - quota_bytes, 0); END IF;
    IF bytes_of_all > 0 THEN
        over_all := greatest((SELECT bytes FROM staging_usage WHERE account = '00000000-0000-0000-0000-000000000000') - bytes_of_all, 0);
    END IF;
    outcome := 'begun';
    -- Up to the length of the file that it replaces it costs nothing.
    granted := greatest(wanted - greatest(over_account, over_all), least(wanted, standing_bytes));
    IF granted < needed THEN
        outcome := CASE WHEN over_account >= over_all THEN 'account-full' ELSE 'all-full' END;
        granted := before;
    END IF;
    IF granted <> wanted THEN
        UPDATE staged_paths SET promised_bytes = granted WHERE draft = of_draft AND path = at_path;
        SELECT bytes, files INTO used_bytes, used_files FROM staging_usage WHERE account = payer;
    END IF;
END $$;

-- Puts the end of a draft off, once an hour at most, so that uploads stay cheap.
CREATE FUNCTION touch_draft(of_draft uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE drafts SET touched_at = archive_now(), warned_days = NULL, warned_at = NULL
    WHERE id = of_draft AND (touched_at <= archive_now() - interval '1 hour' OR warned_days IS NOT NULL)
$$;

-- Counts anew what is staged for one draft. Whoever changed its rows holds its count until both are committed, so none is counted twice.
CREATE FUNCTION recount_draft(of_draft uuid, OUT bytes_before bigint, OUT files_before bigint, OUT bytes_now bigint, OUT files_now bigint) LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM staging_drafts WHERE draft = of_draft) AND EXISTS (SELECT 1 FROM staged_paths WHERE draft = of_draft) THEN
        INSERT INTO staging_drafts (draft, account, bytes, files) VALUES (of_draft, (SELECT owner FROM drafts WHERE id = of_draft), 0, 0) ON CONFLICT DO NOTHING;
    END IF;
    SELECT bytes, files INTO bytes_before, files_before FROM staging_drafts WHERE draft = of_draft FOR UPDATE;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT coalesce(sum(greatest(length_bytes, promised_bytes, 0)), 0)::bigint, count(*) FILTER (WHERE content IS NOT NULL OR promised_bytes IS NOT NULL)
    INTO bytes_now, files_now FROM staged_paths WHERE draft = of_draft;
    PERFORM charge_staging(of_draft, bytes_now - bytes_before, files_now - files_before);
    UPDATE staging_drafts s SET account = d.owner FROM drafts d WHERE s.draft = of_draft AND d.id = of_draft AND s.account IS DISTINCT FROM d.owner;
    -- A draft that is gone and has nothing staged needs no count.
    DELETE FROM staging_drafts WHERE draft = of_draft AND bytes = 0 AND files = 0 AND NOT EXISTS (SELECT 1 FROM drafts WHERE id = of_draft);
END $$;

-- Adds anew what an account's drafts count (all zeros: everybody's). After the drafts.
CREATE FUNCTION recount_account(of_account uuid, OUT bytes_before bigint, OUT files_before bigint, OUT bytes_now bigint, OUT files_now bigint) LANGUAGE plpgsql AS $$
BEGIN
    SELECT bytes, files INTO bytes_before, files_before FROM staging_usage WHERE account = of_account FOR UPDATE;
    SELECT coalesce(sum(bytes), 0)::bigint, coalesce(sum(files), 0)::bigint INTO bytes_now, files_now FROM staging_drafts
    WHERE account = of_account OR of_account = '00000000-0000-0000-0000-000000000000';
    UPDATE staging_usage SET bytes = bytes_now, files = files_now WHERE account = of_account AND (bytes <> bytes_now OR files <> files_now);
END $$;

INSERT INTO staging_drafts (draft, account, bytes, files)
SELECT s.draft, (SELECT owner FROM drafts WHERE id = s.draft), coalesce(sum(greatest(s.length_bytes, s.promised_bytes, 0)), 0)::bigint,
    count(*) FILTER (WHERE s.content IS NOT NULL OR s.promised_bytes IS NOT NULL)
FROM staged_paths s GROUP BY s.draft;
INSERT INTO staging_usage (account, bytes, files)
SELECT account, sum(bytes)::bigint, sum(files)::bigint FROM staging_drafts WHERE account IS NOT NULL GROUP BY account;
INSERT INTO staging_usage (account, bytes, files)
SELECT '00000000-0000-0000-0000-000000000000', coalesce(sum(bytes), 0)::bigint, coalesce(sum(files), 0)::bigint FROM staging_drafts;
