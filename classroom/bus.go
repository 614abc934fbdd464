package classroom

import (
	"context"
	"sync"
)

// A Bus tells processes that something has changed. An event is a hint: it may come twice, late, or with a nil payload,
// which means that some were lost. Whoever gets one reads the rows again.
type Bus interface {
	Publish(ctx context.Context, topic string, payload []byte) error
	// Subscribe returns the events of a topic, and a function that ends the subscription. The channel is never closed.
	Subscribe(topic string) (<-chan []byte, func())
}

// A Memory is the Bus of a single process. Its zero value is ready.
type Memory struct {
	mu          sync.Mutex
	subscribers map[string]map[chan []byte]struct{}
}

// Publish wakes the subscribers of a topic. One who has not read the last event yet gets no second one: the rows that it
// will read are the newest in any case.
func (m *Memory) Publish(_ context.Context, topic string, payload []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c := range m.subscribers[topic] {
		select {
		case c <- payload:
		default:
		}
	}
	return nil
}

// Subscribe does what Bus says.
func (m *Memory) Subscribe(topic string) (<-chan []byte, func()) {
	c := make(chan []byte, 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.subscribers == nil {
		m.subscribers = map[string]map[chan []byte]struct{}{}
	}
	if m.subscribers[topic] == nil {
		m.subscribers[topic] = map[chan []byte]struct{}{}
	}
	m.subscribers[topic][c] = struct{}{}
	return c, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.subscribers[topic], c)
		if len(m.subscribers[topic]) == 0 {
			delete(m.subscribers, topic)
		}
	}
}
