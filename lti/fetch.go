package lti

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// callTime bounds one call of a platform, from the dial to the last byte.
	callTime  = 10 * time.Second
	maxAnswer = 4 << 20 // bytes of an answer: a page of members, the keys
)

// A Doer sends requests, as *http.Client does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// NewHTTP returns a client for calls of platforms: bounded in time, and following no redirect, which could lead it to where no
// operator has said that it may go.
func NewHTTP() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost, transport.MaxResponseHeaderBytes = 8, 64<<10
	return &http.Client{Transport: transport, Timeout: callTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// A StatusError is an answer that is no success.
type StatusError struct {
	Status int
	Body   string // its beginning
}

func (e *StatusError) Error() string {
	if e.Status >= 300 && e.Status < 400 {
		return fmt.Sprintf("the platform answered %d: it leads elsewhere, where nothing is sent", e.Status)
	}
	return fmt.Sprintf("the platform answered %d %s", e.Status, http.StatusText(e.Status))
}

// call sends a request and reads the answer into a value, where one is given. It returns the answer's header.
func call(do Doer, r *http.Request, into any) (http.Header, error) {
	ctx, cancel := context.WithTimeout(r.Context(), callTime)
	defer cancel()
	answer, err := do.Do(r.WithContext(ctx))
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil && r.Context().Err() == nil {
			return nil, fmt.Errorf("the platform did not answer within %v", callTime)
		}
		return nil, fmt.Errorf("the platform cannot be reached: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		return nil, &StatusError{answer.StatusCode, string(body[:min(len(body), 500)])}
	case err != nil:
		return nil, fmt.Errorf("the platform broke off its answer: %w", err)
	case len(body) > maxAnswer:
		return nil, errors.New("the platform’s answer is larger than one can be")
	case into == nil:
		return answer.Header, nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return nil, fmt.Errorf("the platform’s answer cannot be read: %w", err)
	}
	return answer.Header, nil
}
