-- +goose Up
-- A student's page reads the student's own rows: without these it would read those of the whole class.
CREATE INDEX class_answers_by_member ON class_answers (class, member);
CREATE INDEX class_guesses_by_member ON class_guesses (class, member);
CREATE INDEX class_marks_by_member ON class_marks (class, member);

-- +goose Down
DROP INDEX class_marks_by_member;
DROP INDEX class_guesses_by_member;
DROP INDEX class_answers_by_member;
