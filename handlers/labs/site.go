package labs

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"gradlab/handlers/web"
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/runner"
	"gradlab/views"
)

// A Site answers requests for the labs.
type Site struct {
	*web.Adapter
	Labs Labs
	Runs *Runs
}

// Named tells every page which labs the site has.
func (s *Site) Named(next http.Handler) http.Handler {
	cards := s.Labs.Views()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(views.WithLabs(r.Context(), cards)))
	})
}

// Page is /labs/{name}. What is cheap is trained for it.
func (s *Site) Page(l Lab) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p := l.Page(web.Query(r))
		return s.show(w, r, l, p, s.over(p), "")
	}
}

// show is a lab's page, or why this server cannot train it; progress is how far its runs are that were started without scripts.
func (s *Site) show(w http.ResponseWriter, r *http.Request, l Lab, p Page, over experiment.FieldErrors, progress string) error {
	if l.Takes != nil {
		web.EnsureVisitor(w, r) // whose share of the cores the runs of this page take
	}
	if over == nil {
		s.Runs.within(r.Context(), cheapTime, p.Before) // what is not there in time is streamed
	}
	w, shown, end, err := s.shown(w, r, l, p, over)
	if err != nil {
		return err
	}
	defer end()
	var press *views.Press
	if l.Progress != nil && !shown.Known && shown.Errs == nil {
		press = &views.Press{Progress: progress}
	}
	var scripts []string
	if l.Script != "" {
		scripts = []string{l.Script}
	}
	r = r.WithContext(views.WithTyped(r.Context(), web.Query(r)))
	return web.Render(w, r, http.StatusOK, shown.Page(web.Frame(r, l.Title, l.Name, scripts...), press))
}

// shown is a page filled. The runs that it shows are looked up first; the rest is computed in turn, until end,
// and answered with the writer that comes back.
func (s *Site) shown(w http.ResponseWriter, r *http.Request, l Lab, p Page, over experiment.FieldErrors) (_ http.ResponseWriter, shown Shown, end func(), err error) {
	errs := p.Errs
	if errs == nil {
		errs = over
	}
	var outcomes []*experiment.Outcome
	switch {
	case over != nil:
	case p.Outcomes != nil:
		outcomes = p.Outcomes(r.Context(), s.Runs)
	default:
		outcomes = s.Runs.AllFinished(p.Trains)
	}
	if w, end, err = s.turn(w, r, l.work(web.Query(r))); err != nil {
		return nil, Shown{}, nil, err
	}
	return w, p.Show(outcomes, errs), end, nil
}

// over is why this server cannot train what a page would; nil where it can, and where the page is wrong anyway.
func (s *Site) over(p Page) experiment.FieldErrors { return s.Runs.over(p.Trains) }

// asked is what a request of the API is about, and what is wrong with it, also on this server alone.
func (s *Site) asked(e Experiment, query url.Values) (url.Values, experiment.FieldErrors) {
	query, errs := e.asked(query)
	if errs == nil && e.Sized {
		errs = s.Runs.over(e.takes(query))
	}
	return query, errs
}

// pressTime is how long a press of Run may train for a reader without scripts. A run that takes longer parks when the page
// leaves; the next press goes on with it.
const pressTime = 10 * time.Second

// Press runs what the page's address says, for a reader without scripts.
func (s *Site) Press(l Lab) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p := l.Page(web.Query(r))
		over := s.over(p)
		if p.Errs != nil || over != nil {
			return s.show(w, r, l, p, over, "")
		}
		if err := web.Drain(r); err != nil {
			return err
		}
		v, err := s.press(r.Context(), p.Trains)
		if err != nil {
			return err
		}
		if v.Complete() { // the page now shows the result
			http.Redirect(w, r, r.RequestURI, http.StatusSeeOther)
			return nil
		}
		return s.show(w, r, l, p, nil, l.Progress(web.Query(r), v))
	}
}

// press trains until all is done or the time of a press is over, and returns how far it is.
func (s *Site) press(ctx context.Context, runs []experiment.Run) (runner.GroupView, error) {
	ctx, cancel := context.WithTimeout(ctx, pressTime)
	defer cancel()
	group := s.Runs.followAll(ctx, runs)
	defer group.Close()
	if _, err := group.Wait(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return runner.GroupView{}, err
	}
	return group.Look(), nil
}

// A Drawn is what a lab's script puts in place when the state changes.
type Drawn struct {
	Query   string                 `json:"query"` // of the address, defaults left out
	Parts   map[string]string      `json:"parts"` // HTML, by the name in data-part
	Figures map[string]DrawnFigure `json:"figures,omitzero"`
	Errors  map[string]string      `json:"errors"` // by field
}

// A DrawnFigure is a chart: the option that draws it, and what it shows in words.
type DrawnFigure struct {
	Option any    `json:"option"`
	Label  string `json:"label"`
}

// Board answers the script of a lab: what changes with a control, rendered.
func (s *Site) Board(l Lab) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if answered, err := web.Join(w, r); answered || err != nil {
			return err
		}
		p := l.Page(web.Query(r))
		w, shown, end, err := s.shown(w, r, l, p, s.over(p))
		if err != nil {
			return err
		}
		defer end()
		drawn := Drawn{Query: shown.Query.Encode(), Errors: shown.Errs}
		if shown.Figures != nil {
			drawn.Figures = map[string]DrawnFigure{}
		}
		for _, f := range shown.Figures {
			drawn.Figures[f.ID] = DrawnFigure{f.Option, f.Label}
		}
		if drawn.Parts, err = web.Parts(r.Context(), shown.Parts); err != nil {
			return err
		}
		if shown.Known && shown.Errs == nil {
			web.Keep(r)
		}
		var answer any = drawn
		if shown.Answer != nil {
			answer = shown.Answer(drawn)
		}
		return web.WriteJSON(w, http.StatusOK, answer)
	}
}

// API is /api/{name}. What the experiment takes is trained, however long that takes; a reader may have some as they happen.
func (s *Site) API(e Experiment) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		accept := r.Header.Get("Accept")
		if e.Stream != nil && strings.Contains(accept, "text/event-stream") {
			return e.Stream(s, w, r)
		}
		query, errs := s.asked(e, web.Query(r))
		if errs != nil {
			return web.BadQuery(errs)
		}
		outcomes, err := s.Runs.Finish(r.Context(), e.takes(query)...)
		if err != nil {
			return err
		}
		if answered, err := web.Join(w, r); answered || err != nil {
			return err
		}
		w, end, err := s.turn(w, r, e.work(query))
		if err != nil {
			return err
		}
		defer end()
		web.Keep(r)
		if e.DOT != nil {
			w.Header().Add("Vary", "Accept")
			if strings.Contains(accept, Graphviz) {
				var b bytes.Buffer
				if err := e.DOT(&b, query); err != nil {
					return err
				}
				w.Header().Set("Content-Type", Graphviz+"; charset=utf-8")
				w.Write(b.Bytes()) // a visitor who hung up is no error of ours
				return nil
			}
		}
		result, err := e.Result(query, outcomes)
		if err != nil {
			return err
		}
		return web.WriteJSON(w, http.StatusOK, result)
	}
}

// Graphviz is the media type of Graphviz's language.
const Graphviz = "text/vnd.graphviz"

// Export is /export/{name}.{ending}. The runs whose numbers the file holds are trained where no cache has them.
func (s *Site) Export(l Lab) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		query, errs := s.asked(l.Experiment, web.Query(r))
		if errs != nil {
			return web.BadQuery(errs)
		}
		ending := web.Path(r, "ending")
		i := slices.IndexFunc(l.Exports, func(e Export) bool { return e.Ending == ending })
		if i < 0 {
			return web.NotFound
		}
		e := l.Exports[i]
		outcomes, err := s.Runs.Finish(r.Context(), e.takes(query)...)
		if err != nil {
			return err
		}
		w, end, err := s.turn(w, r, l.work(query))
		if err != nil {
			return err
		}
		defer end()
		var b bytes.Buffer
		name, err := e.Write(&b, web.Origin(r)+l.href(l.Page(query).Run), query, outcomes)
		if err != nil {
			return err
		}
		web.SendFile(w, name+"."+ending, b.Bytes())
		return nil
	}
}

// Own is what else a lab's page asks for.
func (s *Site) Own(own Route) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return own.Serve(s, w, r) }
}

// Picture is the small picture of a lab's state.
func (s *Site) Picture(l Lab) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		picture, err := web.Markup(r.Context(), l.Picture(web.Query(r)))
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Set("Cache-Control", "private, max-age=3600")
		w.Write([]byte(picture))
		return nil
	}
}
