-- +goose Up
-- What a teacher sees of who is in a class: when a member's page was closed last, since when a hand is up, and since when, and at which
-- stop, a member tries something of their own. Moments are milliseconds since 1970; NULL is never, or no more.
ALTER TABLE class_members ADD COLUMN away_at BIGINT;
ALTER TABLE class_members ADD COLUMN hand_at BIGINT;
ALTER TABLE class_members ADD COLUMN branched_at BIGINT;
ALTER TABLE class_members ADD COLUMN branch TEXT NOT NULL DEFAULT '';
