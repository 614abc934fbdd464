-- +goose Up
-- What teachers prepare. A shelf is all plans of one of them, who holds its key; used_at is when the key was last used, in milliseconds
-- since 1970 (UTC). Stops are JSON; what is before an edit is a version. Pictures belong to whoever shows them, plans or classes.
CREATE TABLE shelves (
    id              TEXT   NOT NULL PRIMARY KEY,
    key_hash        TEXT   NOT NULL UNIQUE,
    used_at         BIGINT NOT NULL,
    seen_expired_at BIGINT
);
CREATE TABLE plans (
    id         TEXT   NOT NULL PRIMARY KEY,
    shelf      TEXT   NOT NULL REFERENCES shelves ON DELETE CASCADE,
    title      TEXT   NOT NULL,
    stops      TEXT   NOT NULL,
    size       BIGINT NOT NULL,
    revision   BIGINT NOT NULL CHECK (revision > 0),
    saved_at   BIGINT NOT NULL,
    typed      TEXT   NOT NULL,
    view_link  TEXT   NOT NULL,
    copy_link  TEXT   NOT NULL
);
CREATE INDEX plans_by_shelf ON plans (shelf);
CREATE TABLE plan_versions (
    plan     TEXT   NOT NULL REFERENCES plans ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    title    TEXT   NOT NULL,
    stops    TEXT   NOT NULL,
    until    BIGINT NOT NULL,
    PRIMARY KEY (plan, revision)
);
CREATE TABLE pictures (
    name     TEXT   NOT NULL PRIMARY KEY,
    media    TEXT   NOT NULL,
    content  BYTEA  NOT NULL,
    size     BIGINT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE TABLE plan_pictures (
    plan    TEXT NOT NULL REFERENCES plans ON DELETE CASCADE,
    picture TEXT NOT NULL REFERENCES pictures,
    PRIMARY KEY (plan, picture)
);
CREATE INDEX plan_pictures_by_picture ON plan_pictures (picture);
CREATE TABLE class_pictures (
    class   TEXT NOT NULL REFERENCES classes ON DELETE CASCADE,
    picture TEXT NOT NULL REFERENCES pictures,
    PRIMARY KEY (class, picture)
);
CREATE INDEX class_pictures_by_picture ON class_pictures (picture);

-- +goose Down
DROP TABLE class_pictures;
DROP TABLE plan_pictures;
DROP TABLE pictures;
DROP TABLE plan_versions;
DROP TABLE plans;
DROP TABLE shelves;
