package pgtest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
)

// shared starts one server for all tests of a process: it takes about a second.
var shared = sync.OnceValues(func() (*Server, error) { return Start(context.Background()) })

// Database returns the address of a new, empty database on a server that the tests of this process
// share. Where the machine has no PostgreSQL the test is skipped; with CI=true it fails.
func Database(t testing.TB) string {
	t.Helper()
	s, err := shared()
	must(t, err)
	dsn, err := s.CreateDatabase(t.Context())
	must(t, err)
	return dsn
}

// New starts a server for one test, which may stop it and start it again.
func New(t testing.TB) *Server {
	t.Helper()
	s, err := Start(t.Context())
	must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	switch {
	case errors.Is(err, ErrMissing) && os.Getenv("CI") != "true":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
}
