package store

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"

	"gradlab/answers"
)

//go:embed kept.yaml
var keptText []byte

// keptTables is what kept.yaml says; a test holds it to the tables.
var keptTables = sync.OnceValue(func() []answers.KeptTable {
	var all []answers.KeptTable
	if err := yaml.UnmarshalWithOptions(keptText, &all, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("store: kept.yaml: %v", err)) // a bug in an embedded file
	}
	return all
})

// Kept says what each table keeps, why, and until when.
func (s *Store) Kept() []answers.KeptTable {
	all := slices.Clone(keptTables())
	for i := range all {
		all[i].Until = s.kept.fill(all[i].Until)
	}
	return all
}

// Everything returns all that is kept of an owner, but for the columns that stay apart, and for marks that are not released.
func (s *Store) Everything(ctx context.Context, owner string) (answers.Everything, error) {
	all := answers.Everything{}
	gone, err := s.forgotten(ctx, planned{s}, owner)
	if err != nil {
		return nil, wrapped("read all of an owner", err)
	}
	for _, t := range keptTables() {
		if t.Of == answers.OfSite {
			continue
		}
		if gone && (t.Of == answers.OfPerson || slices.Contains(ofVisit, t.Name)) {
			all[t.Name] = []answers.KeptRow{}
			continue
		}
		rows, err := s.rowsOf(ctx, t, owner)
		if err != nil {
			return nil, fmt.Errorf("read all of an owner: %s: %w", t.Name, classify(err))
		}
		all[t.Name] = rows
	}
	return all, nil
}

// rowsOf are the rows of one table that are about an owner.
func (s *Store) rowsOf(ctx context.Context, t answers.KeptTable, owner string) ([]answers.KeptRow, error) {
	var names []string
	for _, c := range t.Columns {
		if !c.Apart {
			names = append(names, c.Name)
		}
	}
	from := " FROM " + t.Name + " t"
	switch t.Of {
	case answers.OfMarked, answers.OfMember:
		whole, of, seats := "classes", "class", "class_members"
		if t.Columns[0].Name == "homework" {
			whole, of, seats = "homework", "homework", "homework_seats"
		}
		if t.Of == answers.OfMarked {
			from += " JOIN " + whole + " c ON c.id = t." + of + " AND c.released_at IS NOT NULL"
		}
		from += " JOIN " + seats + " m ON m." + of + " = t." + of + " AND m.member = t.member WHERE m.owner = $1"
	case answers.OfPerson:
		from += " JOIN persons p ON p.id = t.person WHERE p.owner = $1"
	default:
		from += " WHERE t.owner = $1"
	}
	rows, err := s.read.QueryContext(ctx, "SELECT t."+strings.Join(names, ", t.")+from+" ORDER BY t."+strings.Join(names, ", t."), owner)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []answers.KeptRow{}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := answers.KeptRow{}
		for i, name := range names {
			if ms, is := values[i].(int64); is && strings.HasSuffix(name, "_at") {
				values[i] = time.UnixMilli(ms).UTC().Format(time.RFC3339Nano)
			}
			row[name] = values[i]
		}
		found = append(found, row)
	}
	return found, rows.Err()
}
