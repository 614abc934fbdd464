package lti

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

const (
	keysLast  = time.Hour        // after which a platform's keys are read anew
	keysPause = 30 * time.Second // between two looks for a key that is not there
	minBits   = 2048             // of an RSA key [RFC 7518, 3.3]
)

// Keys reads the public keys of platforms, and keeps them. A key that is unknown has them read anew, once in keysPause, so that a platform
// may change its keys [Sec 6.3] and forged ones cost it nothing. Where they cannot be read, the ones that were read last go on.
type Keys struct {
	HTTP  Doer
	Clock func() time.Time // nil: the time's own

	flight singleflight.Group
	mu     sync.Mutex
	sets   map[string]keySet // by address
}

type keySet struct {
	keys   map[string]*rsa.PublicKey
	tried  time.Time
	read   time.Time
	failed error // of the last try
}

func (k *Keys) now() time.Time {
	if k.Clock != nil {
		return k.Clock()
	}
	return time.Now()
}

// key returns the key of a platform that a token names.
func (k *Keys) key(ctx context.Context, address, id string) (*rsa.PublicKey, error) {
	if id == "" {
		return nil, refuse("Sec 6.3", "What the course page sent does not say by which key it is signed.")
	}
	set := k.set(address)
	if found := set.keys[id]; found != nil && k.now().Sub(set.read) < keysLast {
		return found, nil
	}
	if wait := k.now().Sub(set.tried); set.tried.IsZero() || wait >= keysPause || wait < 0 {
		set = k.reread(ctx, address)
	}
	found := set.keys[id]
	switch {
	case found != nil:
		return found, nil
	case set.failed != nil:
		return nil, fmt.Errorf("the keys of the learning platform are not to be had: %w", set.failed)
	}
	return nil, refuse("Sec 6.3", "What the course page sent is signed by a key that the platform does not publish.")
}

func (k *Keys) set(address string) keySet {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sets[address]
}

// reread asks a platform for its keys, once for all who wait, and for longer than the first of them may.
func (k *Keys) reread(ctx context.Context, address string) keySet {
	v, _, _ := k.flight.Do(address, func() (any, error) {
		keys, err := k.fetch(context.WithoutCancel(ctx), address)
		k.mu.Lock()
		defer k.mu.Unlock()
		set := k.sets[address]
		set.tried, set.failed = k.now(), err
		if err == nil {
			set.keys, set.read = keys, set.tried
		}
		if k.sets == nil {
			k.sets = map[string]keySet{}
		}
		k.sets[address] = set
		return set, nil
	})
	return v.(keySet)
}

func (k *Keys) fetch(ctx context.Context, address string) (map[string]*rsa.PublicKey, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json")
	var set jose.JSONWebKeySet
	if _, err := call(k.HTTP, r, &set); err != nil {
		return nil, err
	}
	keys := map[string]*rsa.PublicKey{}
	for _, key := range set.Keys {
		public, is := key.Key.(*rsa.PublicKey)
		if is && key.KeyID != "" && (key.Use == "" || key.Use == "sig") && (key.Algorithm == "" || key.Algorithm == string(jose.RS256)) && public.N.BitLen() >= minBits {
			keys[key.KeyID] = public
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("it publishes no key for RS256 with 2048 bits or more")
	}
	return keys, nil
}
