-- +goose Up
-- Plans that students work through on their own. Times are milliseconds since 1970 (UTC); state is the stops and what else no query asks
-- for, as JSON; version grows by one with each change. A member is a student, and a seat a visitor who is that member: one for each device.
-- Of marks every one stays; the one that counts has the highest revision. Points are hundredths, -1 where none were given.
CREATE TABLE homework (
    id              TEXT   NOT NULL PRIMARY KEY,
    shelf           TEXT   NOT NULL REFERENCES shelves ON DELETE CASCADE,
    title           TEXT   NOT NULL,
    state           TEXT   NOT NULL,
    version         BIGINT NOT NULL CHECK (version > 0),
    from_at         BIGINT NOT NULL,
    until_at        BIGINT NOT NULL,
    set_at          BIGINT,
    released_at     BIGINT,
    expires_at      BIGINT NOT NULL,
    seen_expired_at BIGINT
);
CREATE INDEX homework_by_shelf ON homework (shelf);
CREATE TABLE homework_pictures (
    homework TEXT NOT NULL REFERENCES homework ON DELETE CASCADE,
    picture  TEXT NOT NULL REFERENCES pictures,
    PRIMARY KEY (homework, picture)
);
CREATE INDEX homework_pictures_by_picture ON homework_pictures (picture);
CREATE TABLE homework_members (
    homework    TEXT   NOT NULL REFERENCES homework ON DELETE CASCADE,
    member      TEXT   NOT NULL,
    nickname    TEXT   NOT NULL,
    resume_hash TEXT   NOT NULL,
    joined_at   BIGINT NOT NULL,
    extended_at BIGINT,
    PRIMARY KEY (homework, member)
);
CREATE TABLE homework_seats (
    homework TEXT   NOT NULL,
    owner    TEXT   NOT NULL,
    member   TEXT   NOT NULL,
    since_at BIGINT NOT NULL,
    PRIMARY KEY (homework, owner),
    FOREIGN KEY (homework, member) REFERENCES homework_members (homework, member) ON DELETE CASCADE
);
CREATE INDEX homework_seats_by_owner ON homework_seats (owner);
CREATE INDEX homework_seats_by_member ON homework_seats (homework, member);
CREATE TABLE homework_guesses (
    homework   TEXT             NOT NULL,
    member     TEXT             NOT NULL,
    stop       TEXT             NOT NULL,
    value      DOUBLE PRECISION NOT NULL,
    confidence BIGINT           NOT NULL,
    made_at    BIGINT           NOT NULL,
    PRIMARY KEY (homework, member, stop),
    FOREIGN KEY (homework, member) REFERENCES homework_members (homework, member) ON DELETE CASCADE
);
CREATE TABLE homework_answers (
    homework   TEXT   NOT NULL,
    member     TEXT   NOT NULL,
    stop       TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    revision   BIGINT NOT NULL CHECK (revision > 0),
    updated_at BIGINT NOT NULL,
    handed_at  BIGINT,
    PRIMARY KEY (homework, member, stop),
    FOREIGN KEY (homework, member) REFERENCES homework_members (homework, member) ON DELETE CASCADE
);
CREATE TABLE homework_marks (
    homework TEXT   NOT NULL,
    member   TEXT   NOT NULL,
    stop     TEXT   NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    points   BIGINT NOT NULL,
    concepts TEXT   NOT NULL,
    comment  TEXT   NOT NULL,
    made_by  TEXT   NOT NULL,
    made_at  BIGINT NOT NULL,
    PRIMARY KEY (homework, member, stop, revision),
    FOREIGN KEY (homework, member, stop) REFERENCES homework_answers (homework, member, stop) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE homework_marks;
DROP TABLE homework_answers;
DROP TABLE homework_guesses;
DROP TABLE homework_seats;
DROP TABLE homework_members;
DROP TABLE homework_pictures;
DROP TABLE homework;
