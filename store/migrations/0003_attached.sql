-- +goose Up
-- The run that an answer argues from: the path and query of a lab.
CREATE TABLE attached_runs (
    owner    TEXT NOT NULL,
    question TEXT NOT NULL,
    part     TEXT NOT NULL,
    run      TEXT NOT NULL,
    PRIMARY KEY (owner, question, part)
);
-- The concepts that owners tick off their own answers.
CREATE TABLE ticks (
    owner    TEXT NOT NULL,
    question TEXT NOT NULL,
    concept  TEXT NOT NULL,
    PRIMARY KEY (owner, question, concept)
);

-- +goose Down
DROP TABLE ticks;
DROP TABLE attached_runs;
