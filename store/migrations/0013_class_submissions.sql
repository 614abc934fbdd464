-- +goose Up
-- A run that a member submits to an exploration. place is from 1 to 10: two tabs that submit at once want the same one, and only one
-- gets it. value is null until scored is 1, and after that of a run that diverged.
CREATE TABLE class_submissions (
    class      TEXT             NOT NULL,
    stop       TEXT             NOT NULL,
    member     TEXT             NOT NULL,
    place      BIGINT           NOT NULL CHECK (place BETWEEN 1 AND 10),
    run        TEXT             NOT NULL,
    cost       DOUBLE PRECISION NOT NULL,
    scored     BIGINT           NOT NULL,
    value      DOUBLE PRECISION,
    updated_at BIGINT           NOT NULL,
    PRIMARY KEY (class, stop, member, place),
    UNIQUE (class, stop, member, run),
    FOREIGN KEY (class, member) REFERENCES class_members (class, member) ON DELETE CASCADE
);
CREATE INDEX class_submissions_by_member ON class_submissions (class, member);
