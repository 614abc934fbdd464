package handlers

import (
	"bufio"
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gradlab/handlers/web"
)

// A pipes is a listener whose connections hold nothing: what is written waits until it is read.
type pipes struct {
	accepted chan net.Conn
	closed   chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// A reader who takes nothing holds up nobody, misses what is old and not what is new, and is given up after a while.
func TestSlowReaderOfAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping, stop := context.WithCancel(t.Context())
		defer stop()
		s := web.NewAdapter(slog.New(slog.DiscardHandler), stopping)
		var version, ended atomic.Int64
		changed := make(chan struct{}) // replaced, never written to, while nobody runs
		p := pipes{make(chan net.Conn), make(chan struct{})}
		server := &http.Server{Handler: web.Paced(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.Play(w, r, func(out *web.Events) ([]<-chan struct{}, error) {
				out.Send("change", "", struct {
					Version int64  `json:"version"`
					Lab     string `json:"lab"`
				}{version.Load(), strings.Repeat("x", 8<<10)}) // more than the server's buffer
				return []<-chan struct{}{changed}, nil
			})
			ended.Add(1)
		}))}
		go server.Serve(p)
		defer server.Close()
		listen := func() *bufio.Scanner {
			here, there := net.Pipe()
			p.accepted <- there
			if _, err := here.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(here)
			lines.Buffer(nil, 1<<20)
			return lines
		}
		heard := func(lines *bufio.Scanner) string {
			for lines.Scan() {
				if found, ok := strings.CutPrefix(lines.Text(), `data: {"version":`); ok {
					return found[:strings.Index(found, ",")]
				}
			}
			return "the end"
		}
		slow, silent, quick := listen(), listen(), listen()
		for v := int64(1); v <= 5; v++ {
			if got, want := heard(quick), string('0'+byte(v)-1); got != want {
				t.Fatalf("the quick reader hears %s, want %s", got, want)
			}
			synctest.Wait()
			version.Store(v)
			old := changed
			changed = make(chan struct{})
			close(old)
		}
		if got := heard(quick); got != "5" {
			t.Errorf("the quick reader hears %s, want 5", got)
		}
		if first, second := heard(slow), heard(slow); first != "0" || second != "5" {
			t.Errorf("the slow reader hears %s and %s, want 0, then the newest, 5", first, second)
		}
		time.Sleep(web.WriteTime + time.Second)
		synctest.Wait()
		if ended.Load() == 0 {
			t.Error("a reader who takes nothing is still waited for")
		}
		_ = silent
	})
}
