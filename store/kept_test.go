package store

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"gradlab/answers"
	"gradlab/classroom"
)

// What kept.yaml says is kept is what the tables keep, each column of them, and each column says why.
func TestKeptIsWhatTheTablesHold(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		columns := "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
		if strings.HasPrefix(dsn, "postgres") {
			columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
		}
		rows, err := s.read.QueryContext(t.Context(), columns)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		there := map[string]bool{}
		for rows.Next() {
			var table, column string
			if err := rows.Scan(&table, &column); err != nil {
				t.Fatal(err)
			}
			if table != "goose_db_version" { // which migrations have run: nothing of anybody
				there[table+"."+column] = true
			}
		}
		said := map[string]bool{}
		for _, table := range s.Kept() {
			if table.What == "" || table.Until == "" || !slices.Contains([]answers.Belongs{answers.OfOwner, answers.OfMember, answers.OfMarked, answers.OfPerson, answers.OfSite}, table.Of) {
				t.Errorf("%s: what, until or of is missing", table.Name)
			}
			for _, c := range table.Columns {
				if c.Why == "" {
					t.Errorf("%s.%s does not say why", table.Name, c.Name)
				}
				said[table.Name+"."+c.Name] = true
			}
			if owned := slices.ContainsFunc(table.Columns, func(c answers.KeptColumn) bool { return c.Name == "owner" }); owned != (table.Of == answers.OfOwner) {
				t.Errorf("%s belongs to its %q", table.Name, table.Of)
			}
		}
		if !maps.Equal(there, said) {
			t.Errorf("kept.yaml does not say what the tables hold\nheld: %v\nsaid: %v", missing(there, said), missing(said, there))
		}
	})
}

// missing are the names of a that b lacks.
func missing(a, b map[string]bool) []string {
	var names []string
	for name := range a {
		if !b[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// A visitor's file has all that is the visitor's, from classes too, marks once they are released, nothing of others, and never the
// name by which the rows are found.
func TestEverythingOfOneVisitor(t *testing.T) {
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		c, key := newClass(t, s), answers.Key{Question: "q"}
		guess, ask := c.Plan[0].ID, c.Plan[1].ID
		for _, who := range []string{"anna", "ben"} {
			if _, err := s.Submit(t.Context(), who, key, who+" says", 0); err != nil {
				t.Fatal(err)
			}
			join(t, s, c, who)
			signIn(t, s, who)
			if err := s.SaveGuess(t.Context(), c.ID, c.Version, who, classroom.Guess{Stop: guess, Round: 1, Value: 0.5, Confidence: 2}); err != nil {
				t.Fatal(err)
			}
		}
		c = do(t, s, c, "lock")
		for c.Plan[c.Current].ID != ask {
			c = do(t, s, c, "next")
		}
		for _, who := range []string{"anna", "ben"} {
			if _, err := s.SaveClassAnswer(t.Context(), c.ID, c.Version, who, classroom.Answer{Stop: ask, Text: who + " in class", Revision: 0}); err != nil {
				t.Fatal(err)
			}
			m, _, err := s.Member(t.Context(), c.ID, who)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.SaveMark(t.Context(), c.ID, classroom.Mark{Stop: ask, Member: m.ID, Hundredths: 100, Comment: "about " + who}); err != nil {
				t.Fatal(err)
			}
		}
		text := func() string {
			all, err := s.Everything(t.Context(), "anna")
			if err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		before := text()
		for _, want := range []string{`"text":"anna says"`, `"text":"anna in class"`, `"value":0.5`, `"confidence":2`, `"class_marks":[]`, `"updated_at":"20`,
			`"subject":"anna"`, `"title":"A course of anna"`, `"expires_at":"20`} {
			if !strings.Contains(before, want) {
				t.Errorf("%s lacks %s", before, want)
			}
		}
		for _, never := range []string{"ben", "owner", "hints", "about anna"} {
			if strings.Contains(before, never) {
				t.Errorf("%s holds %s", before, never)
			}
		}
		do(t, s, do(t, s, c, "close"), "release")
		if after := text(); !strings.Contains(after, `"comment":"about anna"`) || strings.Contains(after, "ben") {
			t.Errorf("after the release: %s", after)
		}
	})
}
