-- +goose Up
-- Who signs in or comes from a learning platform. owner is the name under which is kept what a person writes. Times are milliseconds since
-- 1970 (UTC). Classes and shelves of plans stay, with their keys, when whoever opened them goes.
CREATE TABLE persons (
    id           TEXT   NOT NULL PRIMARY KEY,
    issuer       TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    role         TEXT   NOT NULL,
    owner        TEXT   NOT NULL UNIQUE,
    first_at     BIGINT NOT NULL,
    signed_in_at BIGINT NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE TABLE sessions (
    hash       TEXT   NOT NULL PRIMARY KEY,
    person     TEXT   NOT NULL REFERENCES persons ON DELETE CASCADE,
    framed     BIGINT NOT NULL,
    opened_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person);
CREATE TABLE courses (
    person    TEXT   NOT NULL REFERENCES persons ON DELETE CASCADE,
    issuer    TEXT   NOT NULL,
    context   TEXT   NOT NULL,
    title     TEXT   NOT NULL,
    role      TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    joined_at BIGINT NOT NULL,
    seen_at   BIGINT NOT NULL,
    PRIMARY KEY (person, issuer, context)
);
CREATE INDEX courses_by_context ON courses (issuer, context);
ALTER TABLE classes ADD COLUMN person TEXT REFERENCES persons ON DELETE SET NULL;
CREATE INDEX classes_by_person ON classes (person);
ALTER TABLE shelves ADD COLUMN person TEXT REFERENCES persons ON DELETE SET NULL;
CREATE INDEX shelves_by_person ON shelves (person);

-- +goose Down
DROP INDEX shelves_by_person;
ALTER TABLE shelves DROP COLUMN person;
DROP INDEX classes_by_person;
ALTER TABLE classes DROP COLUMN person;
DROP TABLE courses;
DROP TABLE sessions;
DROP TABLE persons;
