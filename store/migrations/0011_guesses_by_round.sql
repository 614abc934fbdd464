-- +goose Up
-- A class votes on a prediction once or twice; each vote is a round of its own. confidence is from 1 to 3, 0 where it was not said.
-- SQLite changes no primary key, so the table is made anew, as in 0006.
ALTER TABLE class_guesses RENAME TO old_class_guesses;
CREATE TABLE class_guesses (
    class      TEXT             NOT NULL,
    stop       TEXT             NOT NULL,
    round      BIGINT           NOT NULL CHECK (round > 0),
    member     TEXT             NOT NULL,
    value      DOUBLE PRECISION NOT NULL,
    confidence BIGINT           NOT NULL CHECK (confidence BETWEEN 0 AND 3),
    updated_at BIGINT           NOT NULL,
    PRIMARY KEY (class, stop, round, member),
    FOREIGN KEY (class, member) REFERENCES class_members (class, member) ON DELETE CASCADE
);
INSERT INTO class_guesses SELECT class, stop, 1, member, value, 0, updated_at FROM old_class_guesses;
DROP TABLE old_class_guesses;
CREATE INDEX class_guesses_by_member ON class_guesses (class, member);
