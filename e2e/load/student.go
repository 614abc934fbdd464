package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// retry is how long a student's browser waits before it sends again what was not taken.
const retry = 2 * time.Second

// browsers share connections to the server, as tabs of one machine would, but never wait for one another.
var browsers = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 2000}}

// A student is a visitor who writes one answer, longer and longer.
type student struct {
	number            int
	url, name, cookie string

	page string     // that shows what was kept
	post string     // that takes an answer
	form url.Values // what goes with it

	text     string // the last that was acknowledged
	revision int64
}

// newStudent returns a visitor who answers a question of the site.
func newStudent(base string, number int) *student {
	var token [32]byte
	rand.Read(token[:])
	const question = "/questions/residual-fit"
	return &student{
		number: number, url: base, name: fmt.Sprint("student ", number), cookie: base64.RawURLEncoding.EncodeToString(token[:]),
		page: question, post: question + "/draft", form: url.Values{"part": {""}},
	}
}

// write saves a longer answer every now and then until ctx ends. What is refused is sent again, as the page does it.
func (s *student) write(ctx context.Context, every time.Duration, acknowledged, refused *times) {
	pause := time.Duration(mathrand.Int64N(int64(every))) // they do not write in step
	for n := 1; ; n++ {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		next := s.text + fmt.Sprintf("%s says, for the %d. time: where F is zero the gradient passes the sum unchanged, ∂L/∂x = ∂L/∂y.\n", s.name, n)
		for ctx.Err() == nil {
			start := time.Now()
			err := s.save(next)
			if err == nil {
				acknowledged.add(time.Since(start))
				break
			}
			refused.add(time.Since(start))
			select {
			case <-time.After(retry):
			case <-ctx.Done():
			}
		}
		pause = every
	}
}

// save returns nil when the server has acknowledged the text.
func (s *student) save(text string) error {
	form := url.Values{"revision": {strconv.FormatInt(s.revision, 10)}, "text": {text}}
	maps.Copy(form, s.form)
	body, status, err := s.do(context.Background(), http.MethodPost, s.post, form)
	if err != nil {
		return err
	}
	var answer struct{ Revision int64 }
	if status != http.StatusOK {
		return fmt.Errorf("%d: %.200s", status, body)
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	s.text, s.revision = text, answer.Revision
	return nil
}

// kept reports whether the server still has what it acknowledged. A later text may be there whose acknowledgement was lost.
func (s *student) kept(ctx context.Context) (bool, error) {
	body, status, err := s.do(ctx, http.MethodGet, s.page, nil)
	if err != nil || status != http.StatusOK {
		return false, fmt.Errorf("read the answer of %s: %d, %w", s.name, status, err)
	}
	return strings.Contains(html.UnescapeString(string(body)), strings.TrimSpace(s.text)), nil
}

func (s *student) do(ctx context.Context, method, path string, form url.Values) (body []byte, status int, err error) {
	r, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewBufferString(form.Encode()))
	if err != nil {
		return nil, 0, err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "application/json")
	}
	r.AddCookie(&http.Cookie{Name: "visitor", Value: s.cookie})
	resp, err := browsers.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return body, resp.StatusCode, err
}
