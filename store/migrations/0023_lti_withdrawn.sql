-- +goose Up
-- A score that is taken back has -1 points given. tried_at is when it was first on its way: from then on the gradebook may have one.
ALTER TABLE lti_scores ADD COLUMN tried_at BIGINT;
UPDATE lti_scores SET tried_at = queued_at;

-- +goose Down
UPDATE lti_scores SET given = 0 WHERE given < 0;
ALTER TABLE lti_scores DROP COLUMN tried_at;
