-- +goose Up
-- What learning platforms and this site know of each other. Times are milliseconds since 1970 (UTC), points hundredths. What is sealed
-- is read with the operator's secret alone. next_at is when a score is tried again, NULL where it is not; tries are JSON.
CREATE TABLE lti_keys (
    id      TEXT   NOT NULL PRIMARY KEY,
    sealed  BYTEA  NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE TABLE lti_platforms (
    id          TEXT   NOT NULL PRIMARY KEY,
    issuer      TEXT   NOT NULL,
    client      TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    auth_url    TEXT   NOT NULL,
    token_url   TEXT   NOT NULL,
    keys_url    TEXT   NOT NULL,
    audience    TEXT   NOT NULL,
    deployments TEXT   NOT NULL,
    added_at    BIGINT NOT NULL,
    UNIQUE (issuer, client)
);
CREATE TABLE lti_nonces (
    nonce   TEXT   NOT NULL PRIMARY KEY,
    used_at BIGINT NOT NULL
);
CREATE TABLE lti_links (
    id          TEXT   NOT NULL PRIMARY KEY,
    platform    TEXT   NOT NULL REFERENCES lti_platforms ON DELETE CASCADE,
    deployment  TEXT   NOT NULL,
    context     TEXT   NOT NULL,
    link        TEXT   NOT NULL,
    title       TEXT   NOT NULL,
    course      TEXT   NOT NULL,
    target      TEXT   NOT NULL,
    class       TEXT   REFERENCES classes ON DELETE SET NULL,
    class_key   BYTEA,
    points      BIGINT NOT NULL,
    members     TEXT   NOT NULL,
    grades      TEXT   NOT NULL,
    counted_at  BIGINT NOT NULL,
    launched_at BIGINT NOT NULL,
    UNIQUE (platform, deployment, context, link)
);
CREATE INDEX lti_links_by_class ON lti_links (class);
CREATE TABLE lti_users (
    link        TEXT   NOT NULL REFERENCES lti_links ON DELETE CASCADE,
    owner       TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    launched_at BIGINT NOT NULL,
    PRIMARY KEY (link, owner)
);
CREATE INDEX lti_users_by_owner ON lti_users (owner);
CREATE TABLE lti_scores (
    link       TEXT   NOT NULL REFERENCES lti_links ON DELETE CASCADE,
    owner      TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    given      BIGINT NOT NULL,
    maximum    BIGINT NOT NULL,
    reached_at BIGINT NOT NULL,
    queued_at  BIGINT NOT NULL,
    next_at    BIGINT,
    sent_at    BIGINT,
    failed_at  BIGINT,
    tries      TEXT   NOT NULL,
    PRIMARY KEY (link, owner)
);
CREATE INDEX lti_scores_by_owner ON lti_scores (owner);
CREATE INDEX lti_scores_by_next ON lti_scores (next_at);

-- +goose Down
DROP TABLE lti_scores;
DROP TABLE lti_users;
DROP TABLE lti_links;
DROP TABLE lti_nonces;
DROP TABLE lti_platforms;
DROP TABLE lti_keys;
