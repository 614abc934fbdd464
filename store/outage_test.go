package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"gradlab/answers"
	"gradlab/store/pgtest"
)

func TestStoppedServer(t *testing.T) {
	server := pgtest.New(t)
	dsn, err := server.CreateDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, key := open(t, dsn), answers.Key{Question: "q"}
	revision := int64(0)
	for _, crash := range []bool{false, true} {
		before, err := s.SaveDraft(t.Context(), "anna", key, fmt.Sprint("before ", crash), revision)
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Stop(t.Context(), crash); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			if _, err := s.SaveDraft(t.Context(), "anna", key, "meanwhile", before.Revision); !errors.Is(err, ErrUnavailable) {
				t.Errorf("write %d without a server: got %v, want %v", i, err, ErrUnavailable)
			}
			if _, err := s.Answers(t.Context(), "anna"); !errors.Is(err, ErrUnavailable) {
				t.Errorf("read %d without a server: got %v, want %v", i, err, ErrUnavailable)
			}
		}
		if err := s.Ping(t.Context()); !errors.Is(err, ErrUnavailable) {
			t.Errorf("Ping without a server: got %v, want %v", err, ErrUnavailable)
		}
		if err := server.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		until(t, s.Ping)
		if a, err := s.Answer(t.Context(), "anna", key); err != nil || a != before {
			t.Errorf("after the outage: got %+v, %v, want %+v", a, err, before)
		}
		a, err := s.SaveDraft(t.Context(), "anna", key, "again", before.Revision)
		if err != nil {
			t.Errorf("write after the outage: %v", err)
		}
		revision = a.Revision
	}
}

// A server that takes requests and gives no answers, as one that is frozen or cut off.
func TestFrozenServer(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for deadlines")
	}
	dsn, valve := throughValve(t, pgtest.Database(t))
	s, key := open(t, dsn), answers.Key{Question: "q"}
	b := openBus(t, dsn)
	events, _ := b.Subscribe("t")
	if _, err := s.SaveDraft(t.Context(), "anna", key, "before", 0); err != nil {
		t.Fatal(err)
	}
	valve.close()
	var wg sync.WaitGroup
	for range 3 * maxConns { // more than there are connections
		wg.Go(func() {
			if _, err := s.SaveDraft(t.Context(), "anna", key, "meanwhile", 1); !errors.Is(err, ErrUnavailable) {
				t.Errorf("write: got %v, want %v", err, ErrUnavailable)
			}
		})
	}
	wg.Wait()
	valve.open()
	until(t, func(ctx context.Context) error { _, err := s.SaveDraft(ctx, "anna", key, "after", 1); return err })
	until(t, func(ctx context.Context) error { return b.Publish(ctx, "t", []byte("found")) })
	if got := next(t, events); got != "found" {
		t.Errorf("event: got %q, want found", got)
	}
}

// A valve passes bytes between clients and a server. While it is closed, nothing passes.
type valve struct {
	mu     sync.Mutex
	passes chan struct{} // closed while the valve is open
}

func (v *valve) open()  { v.mu.Lock(); defer v.mu.Unlock(); close(v.passes) }
func (v *valve) close() { v.mu.Lock(); defer v.mu.Unlock(); v.passes = make(chan struct{}) }

func (v *valve) copy(to io.WriteCloser, from io.Reader) {
	defer to.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		v.mu.Lock()
		passes := v.passes
		v.mu.Unlock()
		<-passes
		if _, werr := to.Write(b[:n]); err != nil || werr != nil {
			return
		}
	}
}

// throughValve returns an address of the same database that leads through a valve.
func throughValve(t *testing.T, dsn string) (string, *valve) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	v := &valve{passes: make(chan struct{})}
	v.open()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", socket)
			if err != nil {
				client.Close()
				continue
			}
			go v.copy(server, client)
			go v.copy(client, server)
		}
	}()
	u.Host, u.RawQuery = listener.Addr().String(), "sslmode=disable"
	return u.String(), v
}
