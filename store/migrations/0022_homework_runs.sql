-- +goose Up
-- The run that an answer argues from: a lab of this site with its query, '' for none.
ALTER TABLE homework_answers ADD COLUMN run TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE homework_answers DROP COLUMN run;
