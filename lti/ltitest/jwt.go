package ltitest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
)

var b64 = base64.RawURLEncoding

// Sign makes a token by RS256 (RFC 7515, 7518), or, where the header says "none", one without a signature.
func Sign(key *rsa.PrivateKey, header, claims map[string]any) string {
	h, err := json.Marshal(header)
	if err != nil {
		panic(err)
	}
	c, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	input := b64.EncodeToString(h) + "." + b64.EncodeToString(c)
	if header["alg"] == "none" {
		return input + "."
	}
	sum := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return input + "." + b64.EncodeToString(signature)
}

// jwk is a public key as it is published (RFC 7517).
type jwk struct {
	Type string `json:"kty"`
	ID   string `json:"kid"`
	Alg  string `json:"alg,omitempty"`
	Use  string `json:"use,omitempty"`
	N    string `json:"n"`
	E    string `json:"e"`
	D    string `json:"d,omitempty"`
}

func publicOf(id string, key *rsa.PublicKey) jwk {
	return jwk{Type: "RSA", ID: id, Alg: "RS256", Use: "sig", N: b64.EncodeToString(key.N.Bytes()), E: b64.EncodeToString(big.NewInt(int64(key.E)).Bytes())}
}

// open checks a token of the tool against the keys that it publishes, and returns its claims.
func open(token string, keys []jwk) (map[string]any, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("a token of %d parts", len(parts))
	}
	var header struct{ Alg, Kid, Typ string }
	if err := part(parts[0], &header); err != nil {
		return nil, err
	}
	if header.Alg != "RS256" || header.Kid == "" {
		return nil, fmt.Errorf("alg %q, kid %q", header.Alg, header.Kid)
	}
	signature, err := b64.Strict().DecodeString(parts[2])
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	for _, k := range keys {
		if k.D != "" {
			return nil, fmt.Errorf("the tool publishes a private key")
		}
		if k.ID != header.Kid {
			continue
		}
		n, err := b64.Strict().DecodeString(k.N)
		if err != nil {
			return nil, err
		}
		e, err := b64.Strict().DecodeString(k.E)
		if err != nil {
			return nil, err
		}
		key := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
		if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature); err != nil {
			return nil, err
		}
		claims := map[string]any{}
		return claims, part(parts[1], &claims)
	}
	return nil, fmt.Errorf("the tool does not publish key %q", header.Kid)
}

func part(text string, into any) error {
	b, err := b64.Strict().DecodeString(text)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}
