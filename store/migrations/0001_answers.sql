-- +goose Up
-- Times are milliseconds since 1970 (UTC). part is '' where the question has no parts.
CREATE TABLE answers (
    owner              TEXT   NOT NULL,
    question           TEXT   NOT NULL,
    part               TEXT   NOT NULL,
    text               TEXT   NOT NULL,
    revision           BIGINT NOT NULL CHECK (revision > 0),
    updated_at         BIGINT NOT NULL,
    first_submitted_at BIGINT,
    submitted_revision BIGINT,
    PRIMARY KEY (owner, question, part)
);

-- +goose Down
DROP TABLE answers;
