-- +goose Up
-- Times are milliseconds since 1970 (UTC). state is the plan and what is shown of it, as JSON; version grows by one with
-- each change.
CREATE TABLE classes (
    id          TEXT   NOT NULL PRIMARY KEY,
    code        TEXT   NOT NULL UNIQUE,
    title       TEXT   NOT NULL,
    key_hash    TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    version     BIGINT NOT NULL CHECK (version > 0),
    opened_at   BIGINT NOT NULL,
    closed_at   BIGINT,
    released_at BIGINT,
    expires_at  BIGINT NOT NULL
);
CREATE TABLE class_members (
    class     TEXT   NOT NULL,
    owner     TEXT   NOT NULL,
    member    TEXT   NOT NULL,
    nickname  TEXT   NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (class, owner)
);
CREATE TABLE class_guesses (
    class      TEXT             NOT NULL,
    stop       TEXT             NOT NULL,
    member     TEXT             NOT NULL,
    value      DOUBLE PRECISION NOT NULL,
    updated_at BIGINT           NOT NULL,
    PRIMARY KEY (class, stop, member)
);
CREATE TABLE class_answers (
    class      TEXT   NOT NULL,
    stop       TEXT   NOT NULL,
    member     TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    run        TEXT   NOT NULL,
    revision   BIGINT NOT NULL CHECK (revision > 0),
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (class, stop, member)
);
-- points are hundredths, -1 where none were given; concepts are ids, a space between them.
CREATE TABLE class_marks (
    class      TEXT   NOT NULL,
    stop       TEXT   NOT NULL,
    member     TEXT   NOT NULL,
    points     BIGINT NOT NULL,
    concepts   TEXT   NOT NULL,
    comment    TEXT   NOT NULL,
    revision   BIGINT NOT NULL CHECK (revision > 0),
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (class, stop, member)
);

-- +goose Down
DROP TABLE class_marks;
DROP TABLE class_answers;
DROP TABLE class_guesses;
DROP TABLE class_members;
DROP TABLE classes;
