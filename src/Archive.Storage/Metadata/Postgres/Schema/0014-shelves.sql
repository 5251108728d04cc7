-- Whether the shelf of the newest version is still to be made: of private datasets, since those of public ones come with the index. Set by the
-- write of the head that adds the version, so that none is forgotten.
ALTER TABLE datasets ADD COLUMN shelf_due boolean NOT NULL DEFAULT false;
CREATE INDEX datasets_shelf_due ON datasets (accession) WHERE shelf_due;
UPDATE datasets SET shelf_due = true WHERE state = 'Private';
