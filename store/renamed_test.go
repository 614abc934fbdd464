package store

import (
	"slices"
	"testing"
)

// Ticks and marks that name a concept by the name it had before name it still, each mark's concepts in order; what has the
// same name elsewhere keeps it.
func TestRenamedConcept(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		const state = `{"stops": [{"question": "kernel-analogy"}]}`
		filled(t, dsn, 24,
			`INSERT INTO ticks VALUES ('anna', 'kernel-analogy', 'coarse-to-fine'), ('anna', 'sanding', 'coarse-to-fine')`,
			`INSERT INTO classes (id, code, title, key_hash, state, version, opened_at, expires_at) VALUES
				('c', 'C', 'x', 'k', '`+state+`', 1, 0, 0), ('other', 'O', 'x', 'k', '{}', 1, 0, 0)`,
			`INSERT INTO class_members (class, owner, member, nickname, joined_at) VALUES
				('c', 'anna', 'm', 'Anna', 0), ('c', 'ben', 'n', 'Ben', 0), ('c', 'cleo', 'o', 'Cleo', 0), ('other', 'anna', 'm', 'Anna', 0)`,
			`INSERT INTO class_answers (class, stop, member, text, run, revision, updated_at) VALUES
				('c', 's', 'm', 'text', '', 1, 0), ('c', 's', 'n', 'text', '', 1, 0), ('c', 's', 'o', 'text', '', 1, 0), ('other', 's', 'm', 'text', '', 1, 0)`,
			`INSERT INTO class_marks (class, stop, member, points, concepts, comment, revision, updated_at) VALUES
				('c', 's', 'm', 100, 'coarse-to-fine several-kernels small-local-window', '', 1, 0), ('c', 's', 'n', 100, 'coarse-to-fine', '', 1, 0),
				('c', 's', 'o', 100, 'several-kernels', '', 1, 0), ('other', 's', 'm', 100, 'coarse-to-fine', '', 1, 0)`,
			`INSERT INTO shelves (id, key_hash, used_at) VALUES ('b', 'k', 0)`,
			`INSERT INTO homework (id, shelf, title, state, version, from_at, until_at, expires_at) VALUES ('h', 'b', 'x', '`+state+`', 1, 0, 0, 0)`,
			`INSERT INTO homework_members (homework, member, nickname, resume_hash, joined_at) VALUES ('h', 'm', 'Anna', 'r', 0)`,
			`INSERT INTO homework_answers (homework, member, stop, text, revision, updated_at) VALUES ('h', 'm', 's', 'text', 1, 0)`,
			`INSERT INTO homework_marks (homework, member, stop, revision, points, concepts, comment, made_by, made_at) VALUES
				('h', 'm', 's', 1, 100, 'coarse-to-fine small-local-window', '', '', 0), ('h', 'm', 's', 2, 100, '', '', '', 0)`,
		)
		s := open(t, dsn)
		for query, want := range map[string][]string{
			"SELECT question || ' ' || concept FROM ticks":                      {"kernel-analogy stages", "sanding coarse-to-fine"},
			"SELECT class || ' ' || member || ' ' || concepts FROM class_marks": {"c m several-kernels small-local-window stages", "c n stages", "c o several-kernels", "other m coarse-to-fine"},
			"SELECT concepts FROM homework_marks":                               {"", "small-local-window stages"},
		} {
			got := rowsOf(t, s, query)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
	})
}

// rowsOf returns what a query of one column finds, in order.
func rowsOf(t *testing.T, s *Store, query string) (all []string) {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}
