package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
)

// A Store holds what visitors write, in an SQLite file or a PostgreSQL database. Its methods are safe
// for concurrent use.
type Store struct {
	engine engine
	// write runs what changes rows. SQLite has one connection there: writers queue instead of failing
	// with "database is locked". For PostgreSQL it is the same pool as read.
	write writer
	read  *sql.DB
	plans sync.Map // of *sql.Stmt by SQL, prepared on read: what a whole hall asks at once
	now   func() time.Time
	log   *slog.Logger
	kept  Retention
	told  atomic.Int64 // the latest event’s number; see eventID

	alone  int64    // bytes of the reserve that a server keeps; 0 for others, see Alone
	held   *holding // what it has; nil for others, and with PostgreSQL
	damage error    // that was found when the store was opened
}

// An engine is what SQLite and PostgreSQL do differently. The SQL of the methods is the same.
type engine interface {
	// location says where the data are, without a password.
	location() string
	dialect() goose.Dialect
	connect() (write writer, read *sql.DB, err error)
	// exclusively runs f while no other process migrates the same database.
	exclusively(ctx context.Context, s *Store, f func(context.Context) error) error
	// turn waits until no other transaction works under an owner's name, and lets none do so until tx ends.
	turn(ctx context.Context, tx *sql.Tx, owner string) error
	// alone says whether no other process purges; where it is so, none does until tx ends.
	alone(ctx context.Context, tx *sql.Tx) (bool, error)
	// guards are the statements after which audit_log takes additions alone, and gives up rows whose time is over by the database's clock.
	guards() []string
	// size is how many bytes the data take, and how many are left on their disk, -1 where that is not known.
	size(ctx context.Context, s *Store) (used, free int64, err error)
}

// An Option changes how Open sets up a Store.
type Option func(*Store)

// WithClock makes the store read the time from now instead of time.Now.
func WithClock(now func() time.Time) Option {
	return func(s *Store) { s.now = now }
}

// WithLog makes the store tell log what whoever runs it should know: migrations, lost and regained
// connections. Without it the store says nothing. No answer is ever logged.
func WithLog(log *slog.Logger) Option {
	return func(s *Store) { s.log = log }
}

// Open opens the store that dsn names and brings its tables up to date.
//
// The path of a file means SQLite. A missing file is created, readable by its owner alone (0600), and
// so is a missing folder (0700); existing ones keep their permissions.
//
// An address postgres://user:password@host:port/database?sslmode=verify-full means PostgreSQL 13 or
// later; the environment's PGPASSWORD and its like fill in what the address leaves out. The database
// must exist, with the encoding UTF-8. Any other kind of address is refused with an error that says
// what is supported. No error holds a password.
func Open(ctx context.Context, dsn string, options ...Option) (*Store, error) {
	engine, err := engineOf(dsn)
	if err != nil {
		return nil, fmt.Errorf("open the answer store: %w", err)
	}
	s := &Store{engine: engine, now: time.Now, log: slog.New(slog.DiscardHandler), kept: Retention{}.preset()}
	for _, option := range options {
		option(s)
	}
	if path, ok := engine.(sqliteFile); ok && s.alone > 0 {
		if err := s.hold(path); err != nil {
			return nil, fmt.Errorf("open the answer store %s: %w", engine.location(), err)
		}
	}
	if s.write, s.read, err = engine.connect(); err != nil {
		s.held.Close()
		return nil, fmt.Errorf("open the answer store %s: %w", engine.location(), err)
	}
	if err := s.migrate(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("open the answer store %s: %w", engine.location(), classify(err))
	}
	if s.held != nil {
		s.look(ctx)
	}
	return s, nil
}

const supported = "give the path of an SQLite file, or postgres://user@host/database"

func engineOf(dsn string) (engine, error) {
	scheme, _, found := strings.Cut(dsn, "://")
	switch {
	case !found:
		path, err := filePath(dsn)
		return sqliteFile(path), err
	case scheme == "postgres" || scheme == "postgresql":
		return newPostgres(dsn)
	}
	// Only the scheme goes into the message: the rest of an address may hold a password.
	return nil, fmt.Errorf("%q databases are not supported: %s", scheme, supported)
}

// Location says where the data are: the absolute path of the SQLite file, or the address of the
// PostgreSQL database without its password.
func (s *Store) Location() string { return s.engine.location() }

// Pools are the connections to the database, by what they are for; of PostgreSQL one pool does both.
func (s *Store) Pools() map[string]*sql.DB {
	if s.read == s.write.DB {
		return map[string]*sql.DB{"all": s.read}
	}
	return map[string]*sql.DB{"read": s.read, "write": s.write.DB}
}

// Ping reports whether the store can answer a query now.
func (s *Store) Ping(ctx context.Context) error {
	if s.damage != nil {
		return fmt.Errorf("ping the answer store: %w", s.damage)
	}
	var one int
	if err := s.read.QueryRowContext(ctx, "SELECT 1 FROM answers LIMIT 1").Scan(&one); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("ping the answer store: %w", classify(err))
	}
	return nil
}

// planned reads by statements that keep their plans, on each connection: of a short query, making the plan takes as long as
// running it. It is for what a whole hall asks at once; there are as many plans as such queries in the program.
type planned struct{ *Store }

func (s planned) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := s.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

func (s planned) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	stmt, err := s.prepared(ctx, query)
	if err != nil {
		return s.read.QueryRowContext(ctx, query, args...) // a Row that holds the error cannot be made by hand
	}
	return stmt.QueryRowContext(ctx, args...)
}

func (s *Store) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if known, ok := s.plans.Load(query); ok {
		return known.(*sql.Stmt), nil
	}
	stmt, err := s.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if known, raced := s.plans.LoadOrStore(query, stmt); raced {
		stmt.Close()
		return known.(*sql.Stmt), nil
	}
	return stmt, nil
}

// within runs f in a transaction. The error says what was to be done.
func (s *Store) within(ctx context.Context, what string, f func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err == nil {
		defer tx.Rollback() // after Commit this does nothing
		if err = f(tx); err == nil {
			err = tx.Commit()
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, classify(err))
	}
	return nil
}

// Close waits for running statements and releases what the store holds. SQLite folds its write-ahead
// log into the file.
func (s *Store) Close() error {
	if s.read == s.write.DB {
		return s.write.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close(), s.held.Close())
}
