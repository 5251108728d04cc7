-- How far the slow look at every object has come: it takes longer than a process may live, and the next one goes on from here.
CREATE TABLE sweep_walk (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    last   text COLLATE "C" NOT NULL -- the accession that it was done with last
);
