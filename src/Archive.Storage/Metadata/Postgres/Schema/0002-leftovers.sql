-- Since when a pass that ended may have left objects that nothing refers to, and when the sweep looks next; both null when there
-- is nothing to look for, which is so for nearly all rows.
ALTER TABLE submissions ADD COLUMN unswept_since timestamptz, ADD COLUMN sweep_due_at timestamptz;
CREATE INDEX submissions_unswept ON submissions (sweep_due_at) WHERE sweep_due_at IS NOT NULL;

UPDATE submissions SET unswept_since = now(), sweep_due_at = now()
WHERE NOT active AND (cardinality(attempts) > 1 OR data->>'state' IN ('Rejected', 'Cancelled'));
