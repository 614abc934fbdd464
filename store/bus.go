package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

const (
	// channel is the one that all processes listen on: a process reads everything and passes on what
	// somebody there subscribed to.
	channel = "gradlab"
	// maxEvent is below what NOTIFY takes at most, 8,000 bytes.
	maxEvent = 7900
	// backlog is how many events wait for a subscriber who is slow; then the oldest goes.
	backlog = 16
	// silentTime is how long a connection may bring nothing before it is asked whether it still lives.
	silentTime = 10 * time.Second
	// The pauses between attempts to connect grow from retryFirst to retryMost.
	retryFirst = 100 * time.Millisecond
	retryMost  = 2 * time.Second
)

var (
	// ErrEvent refuses an event that is too long or not text.
	ErrEvent = errors.New("an event must be UTF-8 text without NUL, at most 7,900 bytes with its topic")
	// ErrNoBus says that an SQLite store has nobody to tell: one process holds the file.
	ErrNoBus = errors.New("only PostgreSQL carries events between processes")
)

// A Bus carries events between all processes that share a PostgreSQL database, itself among them, over
// LISTEN and NOTIFY. An event is a hint that something has changed, not the change: it holds an id, and
// whoever receives it reads the rows. So an event may come twice, and of many the last is enough.
//
// A connection that is lost is opened again, for as long as it takes. Events of the time between are
// lost, and therefore every subscriber then gets one with a nil payload: read again what you show. The
// same happens after the first connection, for those who subscribed before it.
type Bus struct {
	store  *Store
	config *pgx.ConnConfig
	stop   context.CancelFunc
	ended  chan struct{}

	mu          sync.Mutex
	subscribers map[string]map[chan []byte]struct{} // by topic
}

// Bus starts to listen, until Close. It does not wait for a connection. It fails with ErrNoBus where
// the store is not PostgreSQL.
func (s *Store) Bus() (*Bus, error) {
	p, ok := s.engine.(*postgres)
	if !ok {
		return nil, ErrNoBus
	}
	ctx, stop := context.WithCancel(context.Background())
	b := &Bus{store: s, config: p.config.Copy(), stop: stop, ended: make(chan struct{}), subscribers: map[string]map[chan []byte]struct{}{}}
	go func() {
		defer close(b.ended)
		b.listen(ctx)
	}()
	return b, nil
}

// Publish sends an event to the subscribers of a topic in every process. It returns when PostgreSQL has
// taken it. An error is ErrEvent, or what the store's other methods give; then nobody may have got it.
func (b *Bus) Publish(ctx context.Context, topic string, payload []byte) error {
	event := topic + "\n" + string(payload)
	if strings.ContainsAny(topic, "\n\x00") || strings.ContainsRune(event, 0) || !utf8.ValidString(event) || len(event) > maxEvent {
		return fmt.Errorf("publish to %q: %w", topic, ErrEvent)
	}
	if _, err := b.store.write.ExecContext(ctx, "SELECT pg_notify($1, $2)", channel, event); err != nil {
		return fmt.Errorf("publish to %q: %w", topic, classify(err))
	}
	return nil
}

// Subscribe returns the events of a topic, and a function that ends the subscription and is called
// once. The channel is never closed. Who reads too slowly misses the oldest events, never the latest.
func (b *Bus) Subscribe(topic string) (<-chan []byte, func()) {
	c := make(chan []byte, backlog)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subscribers[topic] == nil {
		b.subscribers[topic] = map[chan []byte]struct{}{}
	}
	b.subscribers[topic][c] = struct{}{}
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.subscribers[topic], c)
		if len(b.subscribers[topic]) == 0 {
			delete(b.subscribers, topic)
		}
	}
}

// Close ends the connection. Subscribers get nothing any more.
func (b *Bus) Close() error {
	b.stop()
	<-b.ended
	return nil
}

// listen keeps a connection until ctx ends.
func (b *Bus) listen(ctx context.Context) {
	wait := retryFirst
	for ctx.Err() == nil {
		lived, err := b.session(ctx)
		if ctx.Err() != nil {
			return
		}
		if lived {
			wait = retryFirst
		}
		b.store.log.WarnContext(ctx, "no events from other replicas until the database is back", "again", wait, "err", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
		wait = min(2*wait, retryMost)
	}
}

// session listens on one connection until it breaks, and reports whether it ever worked.
func (b *Bus) session(ctx context.Context) (lived bool, err error) {
	c, err := pgx.ConnectConfig(ctx, b.config)
	if err != nil {
		return false, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		c.Close(ctx)
	}()
	if _, err := c.Exec(ctx, "LISTEN "+channel); err != nil {
		return false, err
	}
	b.store.log.LogAttrs(ctx, slog.LevelDebug, "listening for events of other replicas")
	b.wakeAll()
	for {
		quiet, cancel := context.WithTimeout(ctx, silentTime)
		n, err := c.WaitForNotification(quiet)
		cancel()
		switch {
		case err == nil:
			topic, payload, _ := strings.Cut(n.Payload, "\n")
			b.deliver(topic, []byte(payload))
		case ctx.Err() != nil || c.IsClosed():
			return true, err
		default: // nothing for a while: a connection that was cut looks just like that
			if err := c.Ping(ctx); err != nil {
				return true, err
			}
		}
	}
}

func (b *Bus) deliver(topic string, payload []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.subscribers[topic] {
		put(c, payload)
	}
}

func (b *Bus) wakeAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, subscribers := range b.subscribers {
		for c := range subscribers {
			put(c, nil)
		}
	}
}

// put adds an event to a channel that only the lock's holder writes to. A full one loses its oldest.
func put(c chan []byte, payload []byte) {
	for {
		select {
		case c <- payload:
			return
		default:
		}
		select {
		case <-c:
		default: // its reader was quicker
		}
	}
}
