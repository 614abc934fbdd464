-- +goose Up
-- What an answer seems to name, read once: ids of concepts, a space between them. It holds for that revision of the text and that
-- version of the rules; of another one, the answer is to be read again.
ALTER TABLE class_answers ADD COLUMN hints TEXT NOT NULL DEFAULT '';
ALTER TABLE class_answers ADD COLUMN hints_rules TEXT NOT NULL DEFAULT '';
ALTER TABLE class_answers ADD COLUMN hints_revision BIGINT NOT NULL DEFAULT 0;
