package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"gradlab/audit"
)

// guardStep is the migration after which the log takes additions alone, and gives up what is older than it was to be kept.
const guardStep = 19

// guardLog is that migration, in the engine's own words.
func guardLog(e engine) *goose.Migration {
	return goose.NewGoMigration(guardStep, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		for _, statement := range e.guards() {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}}, nil)
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// linkedBy says which links of courses belong to what an event is about, $9.
var linkedBy = map[string]string{"class": "l.class = $9", "homework": "l.target = '/homework/' || CAST($9 AS TEXT)", "link": "l.id = $9"}

// tell adds an event to the log in the transaction of what it tells: nothing of it is kept where that is not. Where nobody has said from
// which course it is done, it is that which links the class or the homework, if one alone does.
func (s *Store) tell(ctx context.Context, tx execer, act audit.Act, about, detail string) error {
	now, who := s.now(), audit.Behind(ctx)
	thing, id, _ := strings.Cut(about, " ")
	linked, known := linkedBy[thing]
	if !known {
		linked, id = linkedBy["link"], ""
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO audit_log (id, at, kept_until, who, act, about, detail, course) VALUES ($1, $2, $3, $4, $5, $6, $7,
		COALESCE(NULLIF(CAST($8 AS TEXT), ''), (SELECT MIN(l.course) FROM lti_links l WHERE `+linked+` HAVING COUNT(DISTINCT l.course) = 1), ''))`,
		s.eventID(now), now.UnixMilli(), now.Add(s.kept.Audit).UnixMilli(), who.Name, string(act), about, detail, who.Course, id)
	return err
}

// eventID is an event's id: those of one process in one millisecond sort in the order in which they were told.
func (s *Store) eventID(now time.Time) string {
	for {
		last := s.told.Load()
		if n := max(now.UnixNano(), last+1); s.told.CompareAndSwap(last, n) {
			return fmt.Sprintf("%016x%08x", n, rand.Uint32())
		}
	}
}

// Tell adds an event that changes nothing else, such as that something was read. Where the database cannot take it, as on a full disk, it
// goes to the program's own log: whoever wants to save what is there must be able to.
func (s *Store) Tell(ctx context.Context, act audit.Act, about, detail string) {
	if err := s.tell(ctx, s.write, act, about, detail); err != nil {
		who := audit.Behind(ctx)
		s.log.ErrorContext(ctx, "an event could not be kept", "act", act, "about", about, "detail", detail, "who", who.Name, "course", who.Course, "err", classify(err))
	}
}

// Events returns up to most events, the newest first, that hold a text in any of their words ("" is all). Of a page, the next one begins
// before its last event; a zero event begins at the newest.
func (s *Store) Events(ctx context.Context, text string, before audit.Event, most int) ([]audit.Event, error) {
	at := int64(1) << 62
	if before.ID != "" {
		at = before.At.UnixMilli()
	}
	return s.events(ctx, `WHERE kept_until > $1 AND (at < $2 OR at = $2 AND id < $3)
		AND ($4 = '' OR LOWER(who || ' ' || course || ' ' || act || ' ' || about || ' ' || detail) LIKE $4 ESCAPE '\') ORDER BY at DESC, id DESC LIMIT $5`,
		s.now().UnixMilli(), at, before.ID, containing(text), most)
}

// EventsAfter returns up to most events after one, the oldest first.
func (s *Store) EventsAfter(ctx context.Context, after audit.Event, most int) ([]audit.Event, error) {
	return s.events(ctx, "WHERE kept_until > $1 AND (at > $2 OR at = $2 AND id > $3) ORDER BY at, id LIMIT $4",
		s.now().UnixMilli(), after.At.UnixMilli(), after.ID, most)
}

func (s *Store) events(ctx context.Context, which string, args ...any) ([]audit.Event, error) {
	return list(ctx, planned{s}, "the log", func(row scanner) (e audit.Event, err error) {
		var at int64
		err = row.Scan(&e.ID, &at, &e.Name, &e.Course, &e.Act, &e.About, &e.Detail)
		e.At = time.UnixMilli(at).UTC()
		return e, err
	}, "SELECT id, at, who, course, act, about, detail FROM audit_log "+which, args...)
}

// containing is the pattern for what holds a text, whatever its case; "" for no text.
func containing(text string) string {
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(text)) + "%"
}

// purgeAudit deletes the events whose time is over.
func (s *Store) purgeAudit(ctx context.Context) error {
	return s.purgeFound(ctx, "audit_log", s.now().UnixMilli(), func(tx *sql.Tx, bound int64) (int64, error) {
		result, err := tx.ExecContext(ctx, "DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE kept_until <= $1 ORDER BY at LIMIT 500)", bound)
		if err != nil {
			return 0, err
		}
		return result.RowsAffected()
	})
}
