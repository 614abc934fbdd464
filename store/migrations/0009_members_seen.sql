-- +goose Up
-- When a member's page was last known to be open, as milliseconds since 1970; 0 once it was closed. Only who was seen lately counts
-- as being in the class.
ALTER TABLE class_members ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
