// Package pgtest starts a PostgreSQL server of its own in a temporary folder, for tests and for the
// load benchmark: Start → CreateDatabase → … → Close. It takes the programs that the machine has
// (Debian's package postgresql), uses no network but a socket in that folder, and touches no other
// server.
//
// The server ends, and its folder goes, with the process that started it, however that ends.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrMissing says that the machine has no PostgreSQL server programs.
var ErrMissing = errors.New("no PostgreSQL server here: install Debian's package postgresql")

// A Server is a running PostgreSQL server.
type Server struct {
	bin       string // the folder of its programs
	dir       string // its socket, log and data
	watch     *exec.Cmd
	lifeline  io.Closer // the server lives while this is open
	databases atomic.Int64
}

// Start makes a new server with the superuser app and no password. Its settings are PostgreSQL's own,
// but that it may lose data when the machine crashes; a crash of the server alone loses nothing.
func Start(ctx context.Context) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "gradlab-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir}
	if err := giveAway(dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.run(ctx, "initdb", "-D", s.data(), "-A", "trust", "-U", "app", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.watchOver(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.Restart(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// programs finds the folder of the newest server on this machine.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		path, err = filepath.EvalSymlinks(path) // a link may stand alone, without the other programs
		return filepath.Dir(path), err
	}
	var found []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb", "/opt/homebrew/opt/postgresql@*/bin/initdb"} {
		paths, _ := filepath.Glob(pattern)
		found = append(found, paths...)
	}
	if len(found) == 0 {
		return "", ErrMissing
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// watchOver starts a shell that waits for the end of this process, then stops the server and deletes
// its folder.
func (s *Server) watchOver() error {
	const script = `read -r _; "$1/pg_ctl" -D "$2/data" -m immediate -w stop; rm -rf "$2"`
	s.watch = exec.Command("/bin/sh", "-c", script, "sh", s.bin, s.dir)
	s.watch.Dir = "/"
	asOwner(s.watch)
	pipe, err := s.watch.StdinPipe()
	if err != nil {
		return err
	}
	s.lifeline = pipe
	return s.watch.Start()
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// run runs one of PostgreSQL's programs as the server's user, and puts what it said into its error.
func (s *Server) run(ctx context.Context, program string, args ...string) error {
	c := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...)
	c.Dir = "/" // the server's user may not be allowed to see where we are
	asOwner(c)
	// Not a pipe: the server would inherit its end, and reading it would never end.
	said, err := os.CreateTemp("", "gradlab-pg-said-")
	if err != nil {
		return err
	}
	defer os.Remove(said.Name())
	defer said.Close()
	c.Stdout, c.Stderr = said, said
	if err := c.Run(); err != nil {
		text, _ := os.ReadFile(said.Name())
		return fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(string(text)))
	}
	return nil
}

// Program returns the path of one of PostgreSQL's programs of the server's version, such as pg_dump.
func (s *Server) Program(name string) string { return filepath.Join(s.bin, name) }

// DSN is the address of a database of this server.
func (s *Server) DSN(database string) string {
	return (&url.URL{Scheme: "postgres", User: url.User("app"), Path: "/" + database, RawQuery: url.Values{"host": {s.dir}}.Encode()}).String()
}

// CreateDatabase makes an empty database and returns its address.
func (s *Server) CreateDatabase(ctx context.Context) (string, error) {
	name := fmt.Sprint("gradlab_", s.databases.Add(1))
	c, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return "", err
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	return s.DSN(name), nil
}

// Stop stops the server as an operator would, or as a crash would: now, with connections cut.
func (s *Server) Stop(ctx context.Context, crash bool) error {
	mode := "fast"
	if crash {
		mode = "immediate"
	}
	return s.run(ctx, "pg_ctl", "-D", s.data(), "-m", mode, "-w", "stop")
}

// Restart starts the server after Stop, with its data as they were.
func (s *Server) Restart(ctx context.Context) error {
	settings := "-c listen_addresses= -c fsync=off -c unix_socket_directories=" + s.dir
	return s.run(ctx, "pg_ctl", "-D", s.data(), "-w", "-t", "60", "-l", filepath.Join(s.dir, "log"), "-o", settings, "start")
}

// Close stops the server and deletes what it kept.
func (s *Server) Close() error {
	err := s.lifeline.Close()
	done := make(chan error, 1)
	go func() { done <- s.watch.Wait() }()
	select {
	case waited := <-done:
		return errors.Join(err, waited)
	case <-time.After(30 * time.Second):
		return errors.Join(err, errors.New("pgtest: the server does not stop"))
	}
}
