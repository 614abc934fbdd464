-- +goose Up
-- What an owner did in a lesson. item is the id of a prediction, with the guess in text ('' where the owner
-- passed), or '' for the lesson itself, read to its end. Times are milliseconds since 1970 (UTC).
CREATE TABLE progress (
    owner   TEXT   NOT NULL,
    lesson  TEXT   NOT NULL,
    item    TEXT   NOT NULL,
    text    TEXT   NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (owner, lesson, item)
);

-- +goose Down
DROP TABLE progress;
