-- +goose Up
-- Who was taken out of a class by its teacher, with what they had written, which stays theirs to read: texts is JSON. merged is 1 where
-- it went on under the name of another device.
CREATE TABLE class_removed (
    class      TEXT   NOT NULL REFERENCES classes ON DELETE CASCADE,
    owner      TEXT   NOT NULL,
    nickname   TEXT   NOT NULL,
    texts      TEXT   NOT NULL,
    merged     BIGINT NOT NULL,
    removed_at BIGINT NOT NULL,
    PRIMARY KEY (class, owner)
);
CREATE INDEX class_removed_by_owner ON class_removed (owner);
