package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// ErrHeld says that another server has the SQLite file: two would not hear of one another's changes.
var ErrHeld = errors.New("another Gradient Lab server uses this file: stop that one, or give this one another file with --db")

const (
	// reserveSize is what a server keeps of the disk for the day on which it is full: a deletion is written down before it frees
	// anything. Everything of a visitor is a few megabytes at most.
	reserveSize = 16 << 20
	// checkTime bounds the look at a whole SQLite file at the start: half a second for a hundred megabytes.
	checkTime = 10 * time.Second
)

// Alone is for a server, which keeps its database for long. An SQLite file is then held until Close or the process's end, so
// that no second server starts on it; what is damaged in it is looked for, logged, and makes Ping fail; and a reserve of the
// disk beside it lets deletions go on when the disk is full. Backup, Restore and tests need nothing of it.
func Alone() Option { return func(s *Store) { s.alone = reserveSize } }

// holding is what a server has beside its SQLite file.
type holding struct {
	lock    io.Closer
	reserve string // the path of a file that only takes room
	size    int64
}

// hold takes the file for this process, if the store wants it.
func (s *Store) hold(path sqliteFile) error {
	if err := createFile(string(path)); err != nil {
		return err
	}
	lock, err := lockFile(string(path) + "-lock")
	if err != nil {
		return err
	}
	s.held = &holding{lock: lock, reserve: string(path) + "-reserve", size: s.alone}
	if err := s.held.keep(); err != nil {
		s.log.Warn("no room is kept for deletions on a full disk", "file", s.held.reserve, "err", err)
	}
	return nil
}

// keep takes the room, where it is not taken yet.
func (h *holding) keep() error {
	if info, err := os.Stat(h.reserve); err == nil && info.Size() == h.size {
		return nil
	}
	f, err := os.OpenFile(h.reserve, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	zeros := make([]byte, 64<<10) // written, not seeked over: a hole takes no room
	for left := h.size; left > 0 && err == nil; left -= int64(len(zeros)) {
		_, err = f.Write(zeros[:min(left, int64(len(zeros)))])
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(h.reserve))
	}
	return nil
}

// freeing runs a deletion. Where the disk is too full to write it down, it gives up the reserve, tries again, and takes the
// reserve back from what was freed.
func (s *Store) freeing(ctx context.Context, deletion func() error) error {
	err := deletion()
	if s.held == nil || !errors.Is(err, ErrFull) {
		return err
	}
	if gone := os.Remove(s.held.reserve); gone != nil {
		return err
	}
	if err = deletion(); err != nil {
		return err
	}
	s.log.WarnContext(ctx, "the disk is full; a deletion used the room that was kept for it", "db", s.Location())
	if _, folded := s.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); folded != nil {
		s.log.WarnContext(ctx, "what a deletion freed is not free yet", "err", folded)
	}
	if kept := s.held.keep(); kept != nil {
		s.log.WarnContext(ctx, "no room is kept for the next deletion", "err", kept)
	}
	return nil
}

// look reads the whole file for damage, as far as that goes in time.
func (s *Store) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	err := quickCheck(ctx, s.read)
	switch {
	case errors.Is(err, ErrNotADatabase):
		s.damage = err
		s.log.ErrorContext(ctx, "the database is damaged: stop the server, and restore a backup (docs/operations.md)", "db", s.Location(), "err", err)
	case ctx.Err() != nil:
		s.log.InfoContext(ctx, "the database is too large to be checked whole at the start", "db", s.Location())
	case err != nil:
		s.log.ErrorContext(ctx, "the database could not be checked", "db", s.Location(), "err", err)
	}
}

func (h *holding) Close() error {
	if h == nil {
		return nil
	}
	return h.lock.Close() // the reserve stays: at the next start the disk may be full
}

// quickCheck returns nil for an intact database, and an error that is ErrNotADatabase for a damaged one.
func quickCheck(ctx context.Context, q querier) error {
	var says string
	if err := q.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&says); err != nil {
		return classify(err)
	}
	if says != "ok" {
		return fmt.Errorf("%w: %s", ErrNotADatabase, says)
	}
	return nil
}
