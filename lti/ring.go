package lti

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// A Key is one with which the tool signs.
type Key struct {
	ID      string
	Private *rsa.PrivateKey
	Made    time.Time
}

const (
	rotate = 90 * 24 * time.Hour // after which another key is made
	// ripe is how long a new key is published before it signs: platforms keep ours for a while, as we keep theirs.
	ripe = 24 * time.Hour
	// Retired is the age at which a key is published no more: nothing that it signed is valid then.
	Retired = rotate + 2*ripe
)

// NewKey makes a key.
func NewKey(now time.Time) (Key, error) {
	private, err := rsa.GenerateKey(rand.Reader, minBits)
	if err != nil {
		return Key{}, fmt.Errorf("make a key: %w", err)
	}
	return Key{ID: Random()[:16], Private: private, Made: now.UTC().Truncate(time.Millisecond)}, nil
}

// A Ring is the tool's keys, the newest first.
type Ring []Key

// Due says whether another key is to be made.
func (r Ring) Due(now time.Time) bool { return len(r) == 0 || now.Sub(r[0].Made) >= rotate }

// Signer is the newest key that is ripe; where none is, the oldest, since platforms are likeliest to have that.
func (r Ring) Signer(now time.Time) Key {
	for _, k := range r {
		if now.Sub(k.Made) >= ripe {
			return k
		}
	}
	return r[len(r)-1]
}

// Public are the keys that platforms may know [Sec 6.3].
func (r Ring) Public() jose.JSONWebKeySet {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range r {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: &k.Private.PublicKey, KeyID: k.ID, Algorithm: string(jose.RS256), Use: "sig"})
	}
	return set
}

// sign makes a token of claims.
func (k Key) sign(claims ...any) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: k.Private, KeyID: k.ID}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	b := jwt.Signed(signer)
	for _, c := range claims {
		b = b.Claims(c)
	}
	return b.Serialize()
}

// Sealed is a key's private part, as it is kept.
func (k Key) Sealed(secret string) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		return nil, err
	}
	return Seal(secret, SigningKey, der)
}

// OpenKey is the key of what Sealed gave. It fails where the secret is another.
func OpenKey(secret, id string, made time.Time, sealed []byte) (Key, error) {
	der, err := Unseal(secret, SigningKey, sealed)
	if err != nil {
		return Key{}, err
	}
	private, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return Key{}, err
	}
	rsaKey, is := private.(*rsa.PrivateKey)
	if !is {
		return Key{}, errors.New("no RSA key")
	}
	return Key{id, rsaKey, made}, nil
}
