-- What the newest public change of a dataset was. Of earlier ones it is told as well as the head allows: whether the newest version came
-- while it was public is not known, and one that has several is best fetched again.
ALTER TABLE datasets ADD COLUMN change_kind text;
UPDATE datasets SET change_kind = CASE
        WHEN state = 'Released' AND jsonb_array_length(data->'versions') > 1 THEN 'Revised'
        WHEN state = 'Released' THEN 'Released'
        WHEN state = 'Withdrawn' THEN 'Withdrawn'
        ELSE 'Gone' END
    WHERE change > 0;
