package admin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers/web"
	"gradlab/mlcore/runner"
	"gradlab/plans"
	"gradlab/views"
)

// Rows are what the operator sees of what is kept; package store implements it.
type Rows interface {
	OperatorClasses(ctx context.Context, p audit.Page) ([]audit.Class, error)
	OperatorPlans(ctx context.Context, p audit.Page) ([]audit.Plan, error)
	OperatorHomework(ctx context.Context, p audit.Page) ([]audit.Homework, error)
	OperatorPlatforms(ctx context.Context, p audit.Page) ([]audit.Platform, error)
	Events(ctx context.Context, text string, before audit.Event, most int) ([]audit.Event, error)
	EventsAfter(ctx context.Context, after audit.Event, most int) ([]audit.Event, error)
	Load(ctx context.Context) (audit.Load, error)
	Tell(ctx context.Context, act audit.Act, about, detail string)
	ShelfOf(ctx context.Context, id string) (plans.Shelf, bool, error)
	Rekey(ctx context.Context, shelf plans.Shelf, keyHash string) error
	DeletePlan(ctx context.Context, id string) error
	DeletePlatform(ctx context.Context, id string) error
}

// Classes are what the operator does to them.
type Classes interface {
	Close(ctx context.Context, id string) error
	Remove(ctx context.Context, id string) error
	// Rekey gives a class another key and returns the link that has it.
	Rekey(r *http.Request, id string) (link string, err error)
}

// Homework is what the operator does to it.
type Homework interface {
	Close(ctx context.Context, id string) error
	Remove(ctx context.Context, id string) error
}

// Config is what the pages of the operator need.
type Config struct {
	Rows     Rows
	Classes  Classes
	Homework Homework
	// Key is what lets in; "" lets nobody in but persons who are operators.
	Key string
	// Gate says whether a secret is the right one, so many times a second of wrong ones.
	Gate    func(r *http.Request, want, got string) (bool, error)
	Runs    func() runner.Stats
	Streams func() int
	Version string
	Clock   func() time.Time // of sessions; nil is the time's own
}

// Pages are those of the operator.
type Pages struct {
	rows    Rows
	classes Classes
	work    Homework
	key     string
	gate    func(r *http.Request, want, got string) (bool, error)
	runs    func() runner.Stats
	streams func() int
	version string
	now     func() time.Time
	started time.Time
}

// New returns the pages of the operator.
func New(c Config) *Pages {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return &Pages{c.Rows, c.Classes, c.Homework, web.Clean(c.Key), c.Gate, c.Runs, c.Streams, c.Version, c.Clock, time.Now()}
}

const (
	perPage  = 50
	maxText  = 100              // bytes of what is looked for
	lookTime = 10 * time.Second // that a list may take
	batch    = 500              // events that are read at once of the whole log
)

func frame(r *http.Request, title string) views.Frame {
	f := web.Frame(r, title, "about")
	if r.Method == http.MethodPost {
		f.Path = "/admin"
	}
	return f
}

func (s *Pages) overview(w http.ResponseWriter, r *http.Request) error {
	load, err := s.rows.Load(r.Context())
	if err != nil {
		return err
	}
	runs := s.runs()
	page := views.Operator{Frame: frame(r, "Operator"), Session: s.holds(r), Facts: []views.OperatorFact{
		{Name: "Version", Value: s.version},
		{Name: "This process started", At: s.started},
		{Name: "Classes", Value: number(load.Classes), More: number(load.OpenClasses) + " of them on"},
		{Name: "Plans", Value: number(load.Plans), More: "of " + number(load.Owners) + " owners"},
		{Name: "Homework", Value: number(load.Homework)},
		{Name: "Visitors of whom answers are kept", Value: number(load.Names)},
		{Name: "The database takes", Value: views.Bytes(load.Used), More: free(load.Free)},
		{Name: "Connections to it", Value: number(load.Open), More: number(load.Busy) + " busy, " + number(load.Most) + " at most"},
		{Name: "Runs", Value: number(runs.Training) + " in training", More: number(runs.Waiting) + " waiting"},
		{Name: "Requests that compute", Value: number(runs.Turns)},
		{Name: "Memory of runs", Value: views.Bytes(runs.Held), More: "of " + views.Bytes(runs.Budget)},
		{Name: "Pages that follow a class", Value: number(s.streams())},
	}}
	return web.Render(w, r, http.StatusOK, views.OperatorPage(page))
}

func number(n int) string { return strconv.Itoa(n) }

func free(bytes int64) string {
	if bytes < 0 {
		return ""
	}
	return views.Bytes(bytes) + " free"
}

// wanted reads which part of a list is asked for. A place that is none is the beginning.
func wanted(r *http.Request) audit.Page {
	query := web.Query(r)
	p := audit.Page{Text: strings.TrimSpace(query.Get("q")), Most: perPage + 1}
	if len(p.Text) > maxText {
		p.Text = strings.ToValidUTF8(p.Text[:maxText], "")
	}
	if at, id, found := strings.Cut(query.Get("from"), "."); found {
		if ms, err := strconv.ParseInt(at, 10, 64); err == nil && len(id) <= maxText {
			p.At, p.ID = time.UnixMilli(ms), id
		}
	}
	return p
}

// listed reads the part of a list that is asked for, a page at most, and says what stands around it; place is where a line stands.
func listed[T any](s *Pages, w http.ResponseWriter, r *http.Request, path, title string, find func(context.Context, audit.Page) ([]T, error), place func(T) (time.Time, string)) ([]T, views.OperatorList, error) {
	ctx, cancel := context.WithTimeout(r.Context(), lookTime)
	defer cancel()
	p := wanted(r)
	all, err := find(ctx, p)
	if err != nil {
		return nil, views.OperatorList{}, err
	}
	list := views.OperatorList{Frame: frame(r, title), Session: s.holds(r), Notice: notices[web.Noticed(w, r, path)], Path: path, Text: p.Text, Later: p.ID != ""}
	if len(all) > perPage {
		all = all[:perPage]
		at, id := place(all[perPage-1])
		query := url.Values{"from": {strconv.FormatInt(at.UnixMilli(), 10) + "." + id}}
		if p.Text != "" {
			query.Set("q", p.Text)
		}
		list.Next = views.Href(path, query)
	}
	return all, list, nil
}

// Classes lists the classes.
func (s *Pages) Classes(w http.ResponseWriter, r *http.Request) error {
	find := func(ctx context.Context, p audit.Page) ([]audit.Class, error) {
		if code, ok := classroom.ParseCode(p.Text); ok {
			p.Text = code
		}
		return s.rows.OperatorClasses(ctx, p)
	}
	all, list, err := listed(s, w, r, "/admin/classes", "Classes", find, func(c audit.Class) (time.Time, string) { return c.Opened, c.ID })
	if err != nil {
		return err
	}
	page := views.OperatorClasses{OperatorList: list}
	for _, c := range all {
		line := views.OperatorClass{ID: c.ID, Code: classroom.SpellCode(c.Code), Title: c.Title, Owner: owner(c.Owner, c.KeyHash), Students: c.Members, HandedIn: c.HandedIn,
			Size: views.Bytes(c.Bytes), Opened: c.Opened, Used: c.Used, Expires: c.Expires, Over: (classroom.Class{OpenedAt: c.Opened, ClosedAt: c.Closed}).Ended(time.Now())}
		page.Classes = append(page.Classes, line)
	}
	return web.Render(w, r, http.StatusOK, views.OperatorClassesPage(page))
}

// owner is whose something is, as far as that is known.
func owner(name, keyHash string) string {
	if name != "" {
		return name
	}
	return "whoever holds key " + keyHash[:min(len(keyHash), 8)]
}

// Plans lists the plans.
func (s *Pages) Plans(w http.ResponseWriter, r *http.Request) error {
	all, list, err := listed(s, w, r, "/admin/plans", "Plans", s.rows.OperatorPlans, func(l audit.Plan) (time.Time, string) { return l.Saved, l.ID })
	if err != nil {
		return err
	}
	page := views.OperatorPlans{OperatorList: list}
	for _, l := range all {
		page.Plans = append(page.Plans, views.OperatorPlan{ID: l.ID, Title: l.Title, Owner: owner(l.Owner, l.KeyHash), Shelf: l.Shelf, Stops: l.Stops, Size: views.Bytes(l.Bytes),
			Saved: l.Saved, Used: l.Used, Expires: l.Expires})
	}
	return web.Render(w, r, http.StatusOK, views.OperatorPlansPage(page))
}

// Homework lists the homework.
func (s *Pages) Homework(w http.ResponseWriter, r *http.Request) error {
	all, list, err := listed(s, w, r, "/admin/homework", "Homework", s.rows.OperatorHomework, func(h audit.Homework) (time.Time, string) { return h.Until, h.ID })
	if err != nil {
		return err
	}
	page := views.OperatorHomework{OperatorList: list}
	for _, h := range all {
		page.Homework = append(page.Homework, views.OperatorWork{ID: h.ID, Title: h.Title, Owner: owner(h.Owner, h.KeyHash), Shelf: h.Shelf, Stops: h.Stops, Students: h.Members, HandedIn: h.HandedIn,
			Size: views.Bytes(h.Bytes), State: s.state(h), Until: h.Until, Used: h.Used, Expires: h.Expires})
	}
	return web.Render(w, r, http.StatusOK, views.OperatorHomeworkPage(page))
}

// state is how far homework is, in a word.
func (s *Pages) state(h audit.Homework) string {
	switch {
	case h.Set.IsZero():
		return "draft"
	case s.now().Before(h.Last):
		return "on"
	}
	return "over"
}

// Platforms lists the learning platforms.
func (s *Pages) Platforms(w http.ResponseWriter, r *http.Request) error {
	all, list, err := listed(s, w, r, "/admin/platforms", "Learning platforms", s.rows.OperatorPlatforms, func(p audit.Platform) (time.Time, string) { return p.Added, p.ID })
	if err != nil {
		return err
	}
	page := views.OperatorPlatforms{OperatorList: list}
	for _, p := range all {
		page.Platforms = append(page.Platforms, views.OperatorPlatform(p))
	}
	return web.Render(w, r, http.StatusOK, views.OperatorPlatformsPage(page))
}

// Log shows who did what, the latest first.
func (s *Pages) Log(w http.ResponseWriter, r *http.Request) error {
	find := func(ctx context.Context, p audit.Page) ([]audit.Event, error) {
		return s.rows.Events(ctx, p.Text, audit.Event{ID: p.ID, At: p.At}, p.Most)
	}
	all, list, err := listed(s, w, r, "/admin/log", "Log", find, func(e audit.Event) (time.Time, string) { return e.At, e.ID })
	if err != nil {
		return err
	}
	page := views.OperatorLog{OperatorList: list}
	for _, e := range all {
		page.Events = append(page.Events, views.OperatorEvent{At: e.At, Who: e.Name, Course: e.Course, Act: string(e.Act), About: e.About, Detail: e.Detail})
	}
	return web.Render(w, r, http.StatusOK, views.OperatorLogPage(page))
}

// Export sends the whole log, the oldest first, as an object a line; after a moment that is given, what came later.
func (s *Pages) Export(w http.ResponseWriter, r *http.Request) error {
	var last audit.Event
	if text := web.Query(r).Get("after"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return &web.Problem{Status: http.StatusBadRequest, Heading: "Not a moment", Text: "Give the moment after which events are wanted as 2027-01-31T12:00:00Z."}
		}
		last = audit.Event{At: at, ID: "~"} // behind all of that moment: ids are hexadecimal
	}
	s.rows.Tell(r.Context(), audit.LogExported, "", web.Query(r).Get("after"))
	events, err := s.rows.EventsAfter(r.Context(), last, batch)
	if err != nil {
		return err
	}
	web.Attach(w, "log.jsonl")
	w.Header().Set("Content-Type", "application/jsonl; charset=utf-8")
	lines := json.NewEncoder(w)
	for len(events) > 0 {
		for _, e := range events {
			if lines.Encode(e) != nil {
				return nil // who hung up is no error of ours
			}
		}
		if events, err = s.rows.EventsAfter(r.Context(), events[len(events)-1], batch); err != nil {
			panic(http.ErrAbortHandler) // the answer has begun: it must not look whole
		}
	}
	return nil
}
