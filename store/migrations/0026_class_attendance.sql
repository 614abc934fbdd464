-- +goose Up
-- At which stops of a class a member's page was open while they were shown: since when, and until when at least, in milliseconds since 1970.
CREATE TABLE class_attendance (
    class    TEXT   NOT NULL,
    member   TEXT   NOT NULL,
    stop     TEXT   NOT NULL,
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    PRIMARY KEY (class, member, stop),
    FOREIGN KEY (class, member) REFERENCES class_members (class, member) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE class_attendance;
