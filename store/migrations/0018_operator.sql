-- +goose Up
-- Times are milliseconds since 1970 (UTC). The log takes additions alone; 0019, which each engine writes in its own words, sees to it.
CREATE TABLE audit_log (
    id         TEXT   NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    kept_until BIGINT NOT NULL,
    who        TEXT   NOT NULL,
    course     TEXT   NOT NULL,
    act        TEXT   NOT NULL,
    about      TEXT   NOT NULL,
    detail     TEXT   NOT NULL
);
CREATE INDEX audit_log_by_time ON audit_log (at, id);
-- When an owner of answers was last here, to the day.
CREATE TABLE visitors (
    owner   TEXT   NOT NULL PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
CREATE INDEX visitors_by_time ON visitors (seen_at);
-- What a look found expired: all of a kind that is as old as its bound, or older. It is deleted a day after the look.
CREATE TABLE purge_looks (
    kind    TEXT   NOT NULL PRIMARY KEY,
    bound   BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
-- The operator's list is in this order.
CREATE INDEX plans_by_time ON plans (saved_at, id);

-- +goose Down
DROP INDEX plans_by_time;
DROP TABLE purge_looks;
DROP TABLE visitors;
DROP TABLE audit_log;
