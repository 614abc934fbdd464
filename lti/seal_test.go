package lti_test

import (
	"encoding/base64"
	"testing"

	"gradlab/lti"
)

var purposes = []lti.Purpose{lti.SigningKey, lti.ClassKey, lti.State, lti.Choice, lti.Framing}

// What is sealed for a purpose opens for that one alone, and with the same secret.
func TestSealedForOnePurpose(t *testing.T) {
	const secret = "an operator’s key of some length"
	for _, p := range purposes {
		sealed, err := lti.Seal(secret, p, []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range purposes {
			if plain, err := lti.Unseal(secret, q, sealed); (err == nil) != (p == q) || err == nil && string(plain) != "x" {
				t.Errorf("sealed for %q and opened for %q: %q, %v", p, q, plain, err)
			}
		}
		if _, err := lti.Unseal(secret+"x", p, sealed); err == nil {
			t.Errorf("%q opens with another secret", p)
		}
	}
}

// What the first version sealed, with one key for what the database has and by its secret for each thing that browsers have, opens still,
// and what of it lies with browsers for nothing else.
func TestSealedByTheFirstVersion(t *testing.T) {
	const secret = "an operator’s key of some length"
	for p, frozen := range map[lti.Purpose]string{
		lti.SigningKey: "JwpE87f6Y9kyQMGJaN9gKNPRF42jftKGL4i691Y0gSKrbBdYPFUxnGU",
		lti.ClassKey:   "JwpE87f6Y9kyQMGJaN9gKNPRF42jftKGL4i691Y0gSKrbBdYPFUxnGU",
		lti.State:      "V8HOz4hzpbJX54VZKYarBJcllVZXx98d_agoc9f2aBe7ICz6r37COQ8",
		lti.Choice:     "4g0l8UfI0rpJpXp_qV0pkUF26IOZWdszgLr9ve7H_piw1fmDdBje0o4",
		lti.Framing:    "OqSTuRuBIG0GmuNuYQpG5CuDMZqRSHLbJc3X9-GrmYuhlxl08A3LM-c",
	} {
		sealed, err := base64.RawURLEncoding.DecodeString(frozen)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := lti.Unseal(secret, p, sealed); err != nil || string(plain) != "what was kept" {
			t.Errorf("for %q: %q, %v", p, plain, err)
		}
		if _, err := lti.Unseal(secret+"x", p, sealed); err == nil {
			t.Errorf("for %q: another secret opens it", p)
		}
		inBrowser := p == lti.State || p == lti.Choice || p == lti.Framing
		for _, q := range purposes {
			if _, err := lti.Unseal(secret, q, sealed); inBrowser && q != p && err == nil {
				t.Errorf("for %q: opens for %q, too", p, q)
			}
		}
	}
}
