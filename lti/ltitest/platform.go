package ltitest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A User is a member of the course.
type User struct {
	ID, Name string
	Roles    []string
}

// Roles of the vocabulary (Core A.2.2).
const (
	Instructor = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
	Learner    = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
)

// A Link is what a course has linked.
type Link struct {
	ID, Course, Title, URL string
	LineItem               string // its address; "" where nothing is graded
}

// A Score is one that a tool sent and the gradebook took. Cleared says that the tool took it back, and that the gradebook shows none.
type Score struct {
	LineItem, User string
	Given, Maximum float64
	Cleared        bool
	At             time.Time
}

// A Platform is a learning platform. Its fields before mu are set before it is used; tests change the others by its methods.
type Platform struct {
	*httptest.Server
	Deployment string
	ClientID   string // what the next tool that registers gets
	// Names says whether registration names the deployment.
	Names bool
	// Quiet keeps names of people from the tool.
	Quiet bool
	// Claims and Header, where set, change the next tokens before they are signed.
	Claims, Header func(map[string]any)
	Clock          func() time.Time
	// HTTP fetches the tool's keys.
	HTTP *http.Client

	hanging atomic.Int32

	mu     sync.Mutex
	keys   []named // the last signs
	users  []User
	tool   tool
	links  []Link
	items  []string // addresses of line items
	scores map[[2]string]Score
	posts  int // scores that came, taken or not
	calls  map[string]int
	away   bool
	hang   chan struct{}
	hangs  string // the ending of the paths that hang
	faults []string
	jtis   map[string]bool
	tokens map[string]string // of services, with their scopes
}

type named struct {
	id  string
	key *rsa.PrivateKey
}

type tool struct{ login, launch, keys string }

// New starts a platform with a course of one teacher and some students. It ends with the test, which fails for each Fault.
func New(t testing.TB, students ...string) *Platform {
	p := &Platform{Deployment: "dep-1", ClientID: "client-1", Names: true, Clock: time.Now, scores: map[[2]string]Score{}, calls: map[string]int{}, jtis: map[string]bool{}, tokens: map[string]string{}, HTTP: &http.Client{Timeout: 10 * time.Second}}
	p.users = []User{{ID: "t-1", Name: "Tara Teacher", Roles: []string{Instructor}}}
	for i, name := range students {
		p.users = append(p.users, User{ID: fmt.Sprintf("s-%d", i+1), Name: name, Roles: []string{Learner}})
	}
	p.Rotate()
	p.Server = httptest.NewServer(p.routes())
	t.Cleanup(func() {
		p.Hang("")
		p.Close()
		for _, fault := range p.Faults() {
			t.Errorf("the platform was sent what LTI does not allow: %s", fault)
		}
	})
	return p
}

func (p *Platform) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /.well-known/openid-configuration", p.configuration)
	m.HandleFunc("POST /register", p.register)
	m.HandleFunc("GET /jwks", p.jwks)
	m.HandleFunc("GET /auth", p.auth)
	m.HandleFunc("POST /auth", p.auth)
	m.HandleFunc("POST /token", p.token)
	m.HandleFunc("GET /courses/{course}/members", p.members)
	m.HandleFunc("GET /courses/{course}/lineitems", p.lineItems)
	m.HandleFunc("POST /courses/{course}/lineitems", p.lineItems)
	m.HandleFunc("POST /courses/{course}/lineitems/{item}/scores", p.score)
	m.HandleFunc("GET /course", p.course)
	m.HandleFunc("GET /choose", p.choose)
	m.HandleFunc("POST /chosen", p.chosen)
	m.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }) // asked for by browsers, in some tabs and not in others
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.calls[r.URL.Path]++
		away, hang, hangs := p.away, p.hang, p.hangs
		p.mu.Unlock()
		if hang != nil && strings.HasSuffix(r.URL.Path, hangs) {
			done := httptest.NewRecorder()
			m.ServeHTTP(done, r)
			p.hanging.Add(1)
			defer p.hanging.Add(-1)
			select {
			case <-hang:
			case <-r.Context().Done():
			}
			maps.Copy(w.Header(), done.Header())
			w.WriteHeader(done.Code)
			w.Write(done.Body.Bytes())
			return
		}
		if away {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		m.ServeHTTP(w, r)
	})
}

// Away has the platform answer nothing but 503.
func (p *Platform) Away(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

// Hang has the platform do what requests want whose path ends so, and not answer them; "" has it answer all, those that wait, too.
func (p *Platform) Hang(ending string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hang != nil {
		close(p.hang)
		p.hang = nil
	}
	if p.hangs = ending; ending != "" {
		p.hang = make(chan struct{})
	}
}

// Hanging is how many requests wait for their answers.
func (p *Platform) Hanging() int { return int(p.hanging.Load()) }

// Rotate has the platform sign with a new key from now on; the last one stays published.
func (p *Platform) Rotate() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = append(p.keys, named{fmt.Sprintf("key-%d", len(p.keys)+1), key})
}

// Enrol adds people to the course.
func (p *Platform) Enrol(users ...User) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users = append(p.users, users...)
}

// AddLink puts a link into a course, as a teacher does by hand, with a column of the gradebook if it is graded.
func (p *Platform) AddLink(course, title, url string, graded bool) Link {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.addLink(course, title, url, graded)
}

func (p *Platform) addLink(course, title, url string, graded bool) Link {
	l := Link{ID: fmt.Sprintf("link-%d", len(p.links)+1), Course: course, Title: title, URL: url}
	if graded {
		l.LineItem = p.addItem(course)
	}
	p.links = append(p.links, l)
	return l
}

func (p *Platform) addItem(course string) string {
	// A query in the address is to be kept by who adds /scores to its path (AGS 3.4.1).
	at := fmt.Sprintf("%s/courses/%s/lineitems/%d?type_id=1", p.URL, course, len(p.items)+1)
	p.items = append(p.items, at)
	return at
}

func (p *Platform) link(id string) (Link, bool) {
	for _, l := range p.links {
		if l.ID == id {
			return l, true
		}
	}
	return Link{}, false
}

// Links are what the courses link.
func (p *Platform) Links() []Link {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Link(nil), p.links...)
}

// Scores are the gradebook, by line item and person.
func (p *Platform) Scores() map[[2]string]Score {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[[2]string]Score{}
	for k, s := range p.scores {
		all[k] = s
	}
	return all
}

// Posts is how many scores were sent; Calls how often a path was asked for.
func (p *Platform) Posts() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.posts
}

func (p *Platform) Calls(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[path]
}

// Faults are what was sent that is not allowed; they are told once.
func (p *Platform) Faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.faults
	p.faults = nil
	return all
}

// fault refuses a request.
func (p *Platform) fault(w http.ResponseWriter, status int, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	p.mu.Lock()
	p.faults = append(p.faults, text)
	p.mu.Unlock()
	http.Error(w, text, status)
}

func (p *Platform) jwks(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var set struct {
		Keys []jwk `json:"keys"`
	}
	for _, k := range p.keys {
		set.Keys = append(set.Keys, publicOf(k.id, &k.key.PublicKey))
	}
	send(w, "application/json", set)
}

func send(w http.ResponseWriter, kind string, value any) {
	w.Header().Set("Content-Type", kind)
	json.NewEncoder(w).Encode(value)
}

// toolKeys are those that the tool publishes now.
func (p *Platform) toolKeys() ([]jwk, error) {
	p.mu.Lock()
	at := p.tool.keys
	p.mu.Unlock()
	answer, err := p.HTTP.Get(at)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var set struct {
		Keys []jwk `json:"keys"`
	}
	body, err := io.ReadAll(answer.Body)
	if err == nil {
		err = json.Unmarshal(body, &set)
	}
	if kind := answer.Header.Get("Content-Type"); err == nil && !strings.HasPrefix(kind, "application/json") && !strings.HasPrefix(kind, "application/jwk-set+json") {
		err = fmt.Errorf("the tool’s keys are %s", kind)
	}
	return set.Keys, err
}
