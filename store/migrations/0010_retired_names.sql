-- +goose Up
-- Names of owners under which nothing is kept any more, since when, in milliseconds since 1970 (UTC): what was on its way at that
-- moment must not be kept after it. A name is gone from here after a day.
CREATE TABLE retired_names (
    name       TEXT   NOT NULL PRIMARY KEY,
    retired_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE retired_names;
