-- +goose Up
-- What is handed in belongs to a member, and a member to a class: with them it goes, also what comes in at the moment of
-- their deletion. SQLite adds no foreign keys to a table, so each table is made anew. It is renamed first, which
-- on PostgreSQL keeps a replica that runs meanwhile from writing to it. Rows that had already lost their class are left out.
ALTER TABLE class_members RENAME TO old_class_members;
CREATE TABLE class_members (
    class     TEXT   NOT NULL REFERENCES classes ON DELETE CASCADE,
    owner     TEXT   NOT NULL,
    member    TEXT   NOT NULL,
    nickname  TEXT   NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (class, owner),
    UNIQUE (class, member)
);
INSERT INTO class_members SELECT class, owner, member, nickname, joined_at FROM old_class_members
WHERE class IN (SELECT id FROM classes);
DROP TABLE old_class_members;

ALTER TABLE class_guesses RENAME TO old_class_guesses;
CREATE TABLE class_guesses (
    class      TEXT             NOT NULL,
    stop       TEXT             NOT NULL,
    member     TEXT             NOT NULL,
    value      DOUBLE PRECISION NOT NULL,
    updated_at BIGINT           NOT NULL,
    PRIMARY KEY (class, stop, member),
    FOREIGN KEY (class, member) REFERENCES class_members (class, member) ON DELETE CASCADE
);
INSERT INTO class_guesses SELECT g.class, g.stop, g.member, g.value, g.updated_at FROM old_class_guesses g
JOIN class_members m ON m.class = g.class AND m.member = g.member;
DROP TABLE old_class_guesses;
CREATE INDEX class_guesses_by_member ON class_guesses (class, member);

ALTER TABLE class_answers RENAME TO old_class_answers;
CREATE TABLE class_answers (
    class      TEXT   NOT NULL,
    stop       TEXT   NOT NULL,
    member     TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    run        TEXT   NOT NULL,
    revision   BIGINT NOT NULL CHECK (revision > 0),
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (class, stop, member),
    FOREIGN KEY (class, member) REFERENCES class_members (class, member) ON DELETE CASCADE
);
INSERT INTO class_answers SELECT a.class, a.stop, a.member, a.text, a.run, a.revision, a.updated_at FROM old_class_answers a
JOIN class_members m ON m.class = a.class AND m.member = a.member;
DROP TABLE old_class_answers;
CREATE INDEX class_answers_by_member ON class_answers (class, member);

ALTER TABLE class_marks RENAME TO old_class_marks;
CREATE TABLE class_marks (
    class      TEXT   NOT NULL,
    stop       TEXT   NOT NULL,
    member     TEXT   NOT NULL,
    points     BIGINT NOT NULL,
    concepts   TEXT   NOT NULL,
    comment    TEXT   NOT NULL,
    revision   BIGINT NOT NULL CHECK (revision > 0),
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (class, stop, member),
    FOREIGN KEY (class, stop, member) REFERENCES class_answers ON DELETE CASCADE
);
INSERT INTO class_marks SELECT k.class, k.stop, k.member, k.points, k.concepts, k.comment, k.revision, k.updated_at FROM old_class_marks k
JOIN class_answers a ON a.class = k.class AND a.stop = k.stop AND a.member = k.member;
DROP TABLE old_class_marks;
CREATE INDEX class_marks_by_member ON class_marks (class, member);
