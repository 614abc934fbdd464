package lti

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
)

// MinSecret is how long an operator's secret is at least, in bytes.
const MinSecret = 16

// A Purpose is what something is sealed for. Each has a key of its own, so that nothing that was sealed for one is taken for another.
type Purpose string

// What is sealed: the first two lie in the database, the others with browsers.
const (
	SigningKey Purpose = "signing key"
	ClassKey   Purpose = "class key"
	State      Purpose = "state"  // of a launch, from its login on
	Choice     Purpose = "chosen" // what a teacher is choosing for
	Framing    Purpose = "frame"  // who may frame what
)

// Seal closes what only whoever knows the secret may read, as it lies in a database and its backups, or with a browser; Unseal opens it for
// the same purpose alone.
func Seal(secret string, p Purpose, plain []byte) ([]byte, error) {
	box, err := sealer(secret, "gradlab lti "+string(p))
	if err != nil {
		return nil, err
	}
	return box.Seal(nil, nil, plain, nil), nil
}

func Unseal(secret string, p Purpose, sealed []byte) ([]byte, error) {
	box, err := sealer(secret, "gradlab lti "+string(p))
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(nil, nil, sealed, nil)
	if err == nil {
		return plain, nil
	}
	if box, err = sealer(p.first(secret), "gradlab lti"); err != nil {
		return nil, err
	}
	return box.Open(nil, nil, sealed, nil)
}

// first is the secret by which the first version sealed for a purpose. Nothing is sealed so any more: what browsers have of it is over within
// a day, a signing key when it retires, and a class's key with its class.
func (p Purpose) first(secret string) string {
	if p == SigningKey || p == ClassKey {
		return secret
	}
	return secret + "\x00" + string(p)
}

func sealer(secret, info string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, info, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
