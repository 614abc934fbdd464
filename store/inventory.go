package store

import (
	"context"
	"fmt"
)

// Sittings returns what the students of a class answered in two lessons, nameless and in no order: of each, the guesses in the
// one and in the other, by item. Who answered in neither is left out.
func (s *Store) Sittings(ctx context.Context, class, before, after string) (all [][2]map[string]string, err error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT m.member, p.lesson, p.item, p.text FROM class_members m JOIN progress p ON p.owner = m.owner
		WHERE m.class = $1 AND p.lesson IN ($2, $3) AND p.item <> ''
		AND NOT EXISTS (SELECT 1 FROM visitors v WHERE v.owner = p.owner AND v.seen_at <= $4) ORDER BY m.member`, class, before, after, s.left())
	if err != nil {
		return nil, fmt.Errorf("read the sittings of a class: %w", classify(err))
	}
	defer rows.Close()
	last := ""
	for rows.Next() {
		var member, lesson, item, text string
		if err := rows.Scan(&member, &lesson, &item, &text); err != nil {
			return nil, fmt.Errorf("read the sittings of a class: %w", classify(err))
		}
		if member != last || len(all) == 0 {
			last = member
			all = append(all, [2]map[string]string{{}, {}})
		}
		which := 0
		if lesson == after {
			which = 1
		}
		all[len(all)-1][which][item] = text
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the sittings of a class: %w", classify(err))
	}
	return all, nil
}
