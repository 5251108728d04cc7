-- What each node of the installation says of itself, for operators. Written anew every few seconds, so a crash may lose it.
CREATE UNLOGGED TABLE node_reports (
    node    text COLLATE "C" PRIMARY KEY,
    seen_at timestamptz NOT NULL,
    data    jsonb NOT NULL
);
