-- +goose Up
-- The last concept of the question about kernels asks for stages, not for coarse before fine, and is called so. Of the ids of a mark, which
-- are in order with a space between them, the old name stood first and the new one stands last.
UPDATE ticks SET concept = 'stages' WHERE question = 'kernel-analogy' AND concept = 'coarse-to-fine';
UPDATE class_marks SET concepts = LTRIM(SUBSTR(concepts, 15) || ' stages')
    WHERE concepts || ' ' LIKE 'coarse-to-fine %' AND class IN (SELECT id FROM classes WHERE state LIKE '%kernel-analogy%');
UPDATE homework_marks SET concepts = LTRIM(SUBSTR(concepts, 15) || ' stages')
    WHERE concepts || ' ' LIKE 'coarse-to-fine %' AND homework IN (SELECT id FROM homework WHERE state LIKE '%kernel-analogy%');

-- +goose Down
UPDATE homework_marks SET concepts = RTRIM('coarse-to-fine ' || SUBSTR(concepts, 1, LENGTH(concepts) - 6))
    WHERE ' ' || concepts LIKE '% stages' AND homework IN (SELECT id FROM homework WHERE state LIKE '%kernel-analogy%');
UPDATE class_marks SET concepts = RTRIM('coarse-to-fine ' || SUBSTR(concepts, 1, LENGTH(concepts) - 6))
    WHERE ' ' || concepts LIKE '% stages' AND class IN (SELECT id FROM classes WHERE state LIKE '%kernel-analogy%');
UPDATE ticks SET concept = 'coarse-to-fine' WHERE question = 'kernel-analogy' AND concept = 'stages';
