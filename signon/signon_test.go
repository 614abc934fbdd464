package signon

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"gradlab/persons"
)

const redirect = "https://lab.example.edu/sign-in/back"

// provide runs a provider, with what is to stand before its answers.
func provide(t *testing.T, before ...func(http.Handler) http.Handler) *mockoidc.MockOIDC {
	t.Helper()
	m, err := mockoidc.NewServer(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range before {
		if err := m.AddMiddleware(b); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(listener, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Server.Close() })
	return m
}

// newKey is a key of its own: the provider's own, by default, is one that all have.
func newKey(t *testing.T) *mockoidc.Keypair {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := mockoidc.NewKeypair(key)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func config(m *mockoidc.MockOIDC) Config {
	return Config{Issuer: m.Issuer(), ClientID: m.ClientID, Secret: m.ClientSecret, Redirect: redirect, Name: "the test",
		Roles: Roles{"groups", map[string]persons.Role{"lab-teachers": persons.Teacher, "lab-staff": persons.Operator}}}
}

// authorize is what a browser does at the provider: it returns what that sends back.
func authorize(t *testing.T, address string) url.Values {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	back, err := resp.Location()
	if err != nil || !strings.HasPrefix(back.String(), redirect+"?") {
		t.Fatalf("status %s, to %v: %v", resp.Status, back, err)
	}
	return back.Query()
}

func TestSignOn(t *testing.T) {
	m := provide(t)
	p := New(config(m))
	for _, test := range []struct {
		groups []string
		role   persons.Role
	}{{nil, persons.Student}, {[]string{"lab-teachers"}, persons.Teacher}, {[]string{"lab-staff", "lab-teachers"}, persons.Operator}, {[]string{"lab"}, persons.Student}} {
		m.QueueUser(&mockoidc.MockUser{Subject: "anna", PreferredUsername: "Anna Berg", Groups: test.groups})
		address, pending, err := p.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		asked, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if q := asked.Query(); q.Get("code_challenge_method") != "S256" || q.Get("state") != pending.State || q.Get("nonce") != pending.Nonce || q.Get("redirect_uri") != redirect || q.Get("scope") != "openid profile groups" {
			t.Errorf("asked for %s", address)
		}
		who, err := p.Finish(t.Context(), authorize(t, address).Get("code"), "", pending)
		if want := (persons.Identity{Issuer: m.Issuer(), Subject: "anna", Name: "Anna Berg", Role: test.role}); err != nil || who != want {
			t.Errorf("%v: %+v, %v", test.groups, who, err)
		}
		m.Keypair = newKey(t) // the next one is signed by another
	}
}

// tampered changes what the provider says of somebody, signed by its own key, or by another.
type tampered struct {
	m      *mockoidc.MockOIDC
	key    *mockoidc.Keypair
	change func(claims jwt.MapClaims)
	raw    string // the proof itself, where it is not one
}

func (c tampered) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || r.URL.Path != mockoidc.TokenEndpoint || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, err
	}
	resp.Body.Close()
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(answer["id_token"].(string), claims); err != nil {
		return nil, err
	}
	if c.change != nil {
		c.change(claims)
	}
	if c.raw == "" {
		if c.raw, err = c.key.SignJWT(claims); err != nil {
			return nil, err
		}
	}
	answer["id_token"] = c.raw
	b, err := json.Marshal(answer)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
	return resp, err
}

// What is no proof of who somebody is, signs nobody in.
func TestRefused(t *testing.T) {
	m := provide(t)
	other := newKey(t)
	none := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"iss": m.Issuer(), "sub": "anna", "aud": m.ClientID, "exp": time.Now().Add(time.Hour).Unix()})
	unsigned, err := none.SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	symmetric, err := jwt.NewWithClaims(jwt.SigningMethodHS256, none.Claims).SignedString([]byte(m.ClientSecret))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		tampered
		issuer string
		fine   bool
	}{
		"untouched":                             {fine: true},
		"another nonce":                         {tampered: tampered{change: func(c jwt.MapClaims) { c["nonce"] = "x" }}},
		"no nonce":                              {tampered: tampered{change: func(c jwt.MapClaims) { delete(c, "nonce") }}},
		"another audience":                      {tampered: tampered{change: func(c jwt.MapClaims) { c["aud"] = "another" }}},
		"several audiences, made for another":   {tampered: tampered{change: func(c jwt.MapClaims) { c["aud"], c["azp"] = []string{m.ClientID, "another"}, "another" }}},
		"several audiences, made for nobody":    {tampered: tampered{change: func(c jwt.MapClaims) { c["aud"] = []string{m.ClientID, "another"} }}},
		"several audiences, made for us":        {tampered: tampered{change: func(c jwt.MapClaims) { c["aud"], c["azp"] = []string{m.ClientID, "another"}, m.ClientID }}, fine: true},
		"one audience, made for another":        {tampered: tampered{change: func(c jwt.MapClaims) { c["azp"] = "another" }}},
		"expired":                               {tampered: tampered{change: func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Minute).Unix() }}},
		"no expiry":                             {tampered: tampered{change: func(c jwt.MapClaims) { delete(c, "exp") }}},
		"not yet valid":                         {tampered: tampered{change: func(c jwt.MapClaims) { c["nbf"] = time.Now().Add(time.Hour).Unix() }}},
		"another issuer":                        {tampered: tampered{change: func(c jwt.MapClaims) { c["iss"] = "https://evil.example" }}},
		"no subject":                            {tampered: tampered{change: func(c jwt.MapClaims) { delete(c, "sub") }}},
		"a subject of 300 characters":           {tampered: tampered{change: func(c jwt.MapClaims) { c["sub"] = strings.Repeat("x", 300) }}},
		"another key":                           {tampered: tampered{key: other}},
		"not signed":                            {tampered: tampered{raw: unsigned}},
		"signed by the secret":                  {tampered: tampered{raw: symmetric}},
		"no proof":                              {tampered: tampered{raw: "x"}},
		"a proof of 2 MB":                       {tampered: tampered{raw: strings.Repeat("x", 2<<20)}},
		"another issuer beside the code":        {issuer: "https://evil.example"},
		"the issuer beside the code":            {issuer: m.Issuer(), fine: true},
		"a name with markup of 5000 characters": {tampered: tampered{change: func(c jwt.MapClaims) { c["name"] = strings.Repeat("<b>", 5000) }}, fine: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := config(m)
			if test.m = m; test.key == nil {
				test.key = m.Keypair
			}
			c.Base = test.tampered
			p := New(c)
			address, pending, err := p.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			who, err := p.Finish(t.Context(), authorize(t, address).Get("code"), test.issuer, pending)
			if test.fine && err != nil || !test.fine && !errors.Is(err, ErrRefused) {
				t.Errorf("%+v, %v", who, err)
			}
			if len([]rune(who.Name)) > persons.MaxName {
				t.Errorf("a name of %d characters", len([]rune(who.Name)))
			}
		})
	}
	t.Run("a code of another sign-in", func(t *testing.T) {
		p := New(config(m))
		first, pending, err := p.Begin(t.Context())
		_, another, later := p.Begin(t.Context())
		if err := errors.Join(err, later); err != nil {
			t.Fatal(err)
		}
		code := authorize(t, first).Get("code")
		if who, err := p.Finish(t.Context(), code, "", another); !errors.Is(err, ErrRefused) {
			t.Errorf("with another verifier: %+v, %v", who, err)
		}
		if who, err := p.Finish(t.Context(), code, "", pending); !errors.Is(err, ErrRefused) {
			t.Errorf("a second time: %+v, %v", who, err)
		}
	})
}

// A provider that is away, hangs, sends elsewhere or too much is away, and is looked for again after a pause.
func TestAway(t *testing.T) {
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	var what atomic.Value
	var asked atomic.Int64
	m := provide(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == mockoidc.AuthorizationEndpoint {
				next.ServeHTTP(w, r)
				return
			}
			asked.Add(1)
			switch what.Load() {
			case "hangs":
				select {
				case <-stop:
				case <-r.Context().Done():
				}
			case "sends elsewhere":
				http.Redirect(w, r, "https://evil.example"+r.URL.Path, http.StatusFound)
			case "breaks":
				http.Error(w, "broken", http.StatusInternalServerError)
			case "sends too much":
				w.Write(bytes.Repeat([]byte(" "), 2*answerSize))
				next.ServeHTTP(w, r)
			default:
				next.ServeHTTP(w, r)
			}
		})
	})
	now := time.Now()
	c := config(m)
	c.Now = func() time.Time { return now }
	p := New(c)
	for _, fault := range []string{"hangs", "sends elsewhere", "breaks", "sends too much"} {
		what.Store(fault)
		before := asked.Load()
		for range 3 {
			if _, _, err := p.Begin(t.Context()); !errors.Is(err, ErrAway) {
				t.Errorf("it %s: %v", fault, err)
			}
		}
		if n := asked.Load() - before; n != 1 {
			t.Errorf("it %s: asked %d times", fault, n)
		}
		now = now.Add(pauseTime)
	}
	what.Store("")
	address, pending, err := p.Begin(t.Context())
	if err != nil {
		t.Fatalf("back again: %v", err)
	}
	for _, fault := range []string{"hangs", "breaks"} { // between leaving and coming back
		what.Store(fault)
		if _, err := p.Finish(t.Context(), "code", "", pending); !errors.Is(err, ErrAway) {
			t.Errorf("it %s at the code: %v", fault, err)
		}
	}
	what.Store("")
	if _, err := p.Finish(t.Context(), authorize(t, address).Get("code"), "", pending); err != nil {
		t.Error(err)
	}
}

func TestRoles(t *testing.T) {
	roles, err := ParseRoles("realm_access.roles: lab-teachers=teacher; cn=staff,dc=example=operator")
	if err != nil || roles.Of["lab-teachers"] != persons.Teacher || roles.Of["cn=staff,dc=example"] != persons.Operator {
		t.Fatal(roles, err)
	}
	var said claims
	if err := json.Unmarshal([]byte(`{"realm_access": {"roles": ["x", 7, "lab-teachers"]}, "realm_access.x": "y"}`), &said); err != nil {
		t.Fatal(err)
	}
	if got := roles.of(said); got != persons.Teacher {
		t.Error(got)
	}
	address, err := ParseRoles("https://example.edu/role: staff=teacher")
	if got := address.of(claims{"https://example.edu/role": "staff"}); err != nil || got != persons.Teacher {
		t.Error(got, err)
	}
	for _, wrong := range []string{"groups", "groups: ", "groups: a", "groups: a=emperor", ": a=teacher", "groups:a=teacher"} {
		if roles, err := ParseRoles(wrong); err == nil {
			t.Errorf("%q: %v", wrong, roles)
		}
	}
	if roles, err := ParseRoles(""); err != nil || roles.of(claims{"groups": "x"}) != persons.Student {
		t.Error(roles, err)
	}
}
