package handlers

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gradlab/handlers/web"
)

// deadlined is a connection that remembers the deadlines of what was written to it.
type deadlined struct {
	*httptest.ResponseRecorder
	deadline time.Time
	pieces   []time.Time // the deadline of each write
	sizes    []int
	flushed  time.Time
}

func (d *deadlined) SetWriteDeadline(t time.Time) error { d.deadline = t; return nil }

func (d *deadlined) Write(b []byte) (int, error) {
	d.pieces, d.sizes = append(d.pieces, d.deadline), append(d.sizes, len(b))
	d.deadline = time.Time{} // each must set its own
	return d.ResponseRecorder.Write(b)
}

func (d *deadlined) Flush() {
	d.flushed, d.deadline = d.deadline, time.Time{}
	d.ResponseRecorder.Flush()
}

// Every write and flush of every kind of answer has a deadline ahead, however long its run trained before.
func TestEveryWriteHasADeadline(t *testing.T) {
	site := newSite(t)
	for path, accept := range map[string]string{
		"/": "", "/api/train?steps=1&count=4&batch=4": "", "/export/train.csv?steps=1&count=4&batch=4": "", "/export/kernels.csv": "",
		"/api/train?steps=2&count=4&batch=4": "text/event-stream", "/static/x": "", "/export/sweep.csv?steps=1&count=4&batch=4": "",
	} {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept", accept)
		w := &deadlined{ResponseRecorder: httptest.NewRecorder()}
		before := time.Now()
		site.Config.Handler.ServeHTTP(w, r)
		if len(w.pieces) == 0 {
			t.Errorf("%s: nothing was written", path)
		}
		for i, at := range w.pieces {
			if !at.After(before) || w.sizes[i] > 64<<10 {
				t.Errorf("%s: write %d of %d bytes has the deadline %v", path, i, w.sizes[i], at)
			}
		}
		if accept != "" && !w.flushed.After(before) {
			t.Errorf("%s: a flush without a deadline", path)
		}
	}
}

// A large piece is written whole, in order.
func TestPacerWritesAll(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789"), 20_000)
	w := &deadlined{ResponseRecorder: httptest.NewRecorder()}
	web.Paced(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n, err := w.Write(body); n != len(body) || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	})).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if !bytes.Equal(w.Body.Bytes(), body) || len(w.sizes) != 4 {
		t.Errorf("%d bytes in pieces of %v", w.Body.Len(), w.sizes)
	}
}
