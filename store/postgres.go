package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

const (
	// maxConns bounds the connections of one process, beside the one of its Bus: a PostgreSQL server
	// takes 100 unless told otherwise, which is room for five replicas.
	maxConns = 16
	// statementTime is how long a statement may take, and connectTime a connection to open, before the
	// server counts as away. A page waits that long; it must be told before its own request times out.
	statementTime = 5 * time.Second
	connectTime   = 3 * time.Second
	// retryTime is how long nobody tries to connect after an attempt has failed: of a hall full of requests
	// one finds out that the server is away, and the others are told at once.
	retryTime = 500 * time.Millisecond
	// migrationLock is the key of the advisory lock that a migrating process holds: "gradlab" in ASCII. purgeLock is that of
	// one that deletes what has expired.
	migrationLock = 0x677261646c6162
	purgeLock     = migrationLock + 1
	// ownerLock is the first key of the advisory locks of owners' names, "grad" in ASCII; the second is made of the name. Two names of one
	// key wait for each other, and that is all.
	ownerLock = 0x67726164
)

// ErrEncoding says that a PostgreSQL database was created with another encoding than UTF-8.
var ErrEncoding = errors.New("the database must have the encoding UTF8 (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0)")

// postgres is the engine that keeps everything in a PostgreSQL database.
type postgres struct{ config *pgx.ConnConfig }

func newPostgres(dsn string) (*postgres, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err // pgx leaves the password out
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTime
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "gradlab"
	}
	config.Tracer = deadlines{}
	return &postgres{config}, nil
}

func (p *postgres) location() string {
	u := url.URL{Scheme: "postgres", User: url.User(p.config.User), Host: fmt.Sprintf("%s:%d", p.config.Host, p.config.Port), Path: "/" + p.config.Database}
	if p.config.Host != "" && p.config.Host[0] == '/' { // a socket's folder
		u.Host, u.RawQuery = "", url.Values{"host": {p.config.Host}}.Encode()
	}
	return u.String()
}

func (p *postgres) dialect() goose.Dialect { return goose.DialectPostgres }

func (p *postgres) connect() (write writer, read *sql.DB, err error) {
	db := sql.OpenDB(&gate{Connector: stdlib.GetConnector(*p.config, stdlib.OptionShouldPing(dead))})
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour) // after a failover, the connections find the new server by and by
	return writer{DB: db}, db, nil
}

// exclusively holds an advisory lock while f runs: of several replicas that start at once one migrates,
// and the others wait and find the work done. The lock is the connection's, so it ends with a process
// that dies.
func (p *postgres) exclusively(ctx context.Context, s *Store, f func(context.Context) error) error {
	ctx = unhurried(ctx) // another replica may migrate for minutes, and so may this one
	c, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	var encoding string
	if err := c.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("%w; it is %s", ErrEncoding, encoding)
	}
	if _, err := c.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return fmt.Errorf("wait for other replicas to migrate: %w", err)
	}
	defer c.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
	return f(ctx)
}

// alone takes an advisory lock that ends with the transaction, or does not.
func (p *postgres) alone(ctx context.Context, tx *sql.Tx) (taken bool, err error) {
	return taken, tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", int64(purgeLock)).Scan(&taken)
}

func (p *postgres) size(ctx context.Context, s *Store) (used, free int64, err error) {
	return used, -1, s.read.QueryRowContext(ctx, "SELECT pg_database_size(current_database())").Scan(&used)
}

func (p *postgres) guards() []string {
	return []string{
		`CREATE FUNCTION audit_log_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF TG_OP = 'DELETE' THEN
				IF OLD.kept_until <= EXTRACT(EPOCH FROM clock_timestamp()) * 1000 THEN RETURN OLD; END IF;
			END IF;
			RAISE EXCEPTION 'the log takes additions alone';
		END $$`,
		"CREATE TRIGGER audit_log_rows BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_guard()",
		"CREATE TRIGGER audit_log_whole BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_log_guard()",
	}
}

func (p *postgres) turn(ctx context.Context, tx *sql.Tx, owner string) error {
	h := fnv.New32a()
	h.Write([]byte(owner))
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1, $2)", int32(ownerLock), int32(h.Sum32()))
	return err
}

// A gate passes on attempts to connect, except for a pause after a failed one, whose error it repeats.
type gate struct {
	driver.Connector
	failed atomic.Pointer[failure]
}

type failure struct {
	at  time.Time
	err error
}

func (g *gate) Connect(ctx context.Context) (driver.Conn, error) {
	if last := g.failed.Load(); last != nil && time.Since(last.at) < retryTime {
		return nil, last.err
	}
	c, err := g.Connector.Connect(ctx)
	if err != nil && ctx.Err() == nil { // else it is the visitor who went away
		g.failed.Store(&failure{time.Now(), err})
	}
	return c, err
}

// dead reports whether a connection that comes out of the pool after a rest has to be given up. The
// pool's own test would wait for a frozen server for ever.
func dead(ctx context.Context, p stdlib.ShouldPingParams) bool {
	if p.IdleDuration < time.Second {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	return p.Conn.Ping(ctx) != nil // true: the pool pings the closed connection, and drops it
}

// deadlines is a tracer that gives each statement a deadline, whoever runs it: a server that is frozen
// or cut off must not hold a request, and a connection, for ever.
type deadlines struct{}

type (
	cancelKey    struct{}
	unhurriedKey struct{}
)

// unhurried lifts the deadline of statements that run under ctx.
func unhurried(ctx context.Context) context.Context {
	return context.WithValue(ctx, unhurriedKey{}, true)
}

func (deadlines) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return limited(ctx)
}

func (deadlines) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) { done(ctx) }

func (deadlines) TracePrepareStart(ctx context.Context, _ *pgx.Conn, _ pgx.TracePrepareStartData) context.Context {
	return limited(ctx)
}

func (deadlines) TracePrepareEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TracePrepareEndData) {
	done(ctx)
}

func limited(ctx context.Context) context.Context {
	if ctx.Value(unhurriedKey{}) != nil {
		return ctx
	}
	ctx, cancel := context.WithTimeout(ctx, statementTime)
	return context.WithValue(ctx, cancelKey{}, cancel)
}

func done(ctx context.Context) {
	if cancel, ok := ctx.Value(cancelKey{}).(context.CancelFunc); ok {
		cancel()
	}
}
