package handlers

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gradlab/mlcore/runner"
)

// metrics are what an operator watches. They count, and name nobody: labels are routes, never paths, codes or visitors.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	opened   prometheus.Counter
	handedIn *prometheus.CounterVec

	wrongSecrets *prometheus.CounterVec
}

func newMetrics(s *site) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gradlab_http_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gradlab_http_request_seconds", Help: "Time to answer, of requests that are no streams.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route"}),
		opened:   prometheus.NewCounter(prometheus.CounterOpts{Name: "gradlab_classes_opened_total", Help: "Classes that were opened."}),
		handedIn: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gradlab_class_handed_in_total", Help: "Guesses and answers of classes."}, []string{"what"}),

		wrongSecrets: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gradlab_wrong_secrets_total", Help: "Wrong codes of classes and passwords for teachers; many mean that somebody tries them."}, []string{"what"}),
	}
	runs := func(name, help string, of func(runner.Stats) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return of(s.Runs.Stats()) })
	}
	total := func(name, help string, of func(runner.Stats) int) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(of(s.Runs.Stats())) })
	}
	m.registry.MustRegister(
		runs("gradlab_runs_training", "Runs that train now.", func(s runner.Stats) float64 { return float64(s.Training) }),
		runs("gradlab_runs_waiting", "Runs that somebody waits for and that have not begun.", func(s runner.Stats) float64 { return float64(s.Waiting) }),
		runs("gradlab_turns", "Requests that compute their answers themselves, or wait for their turn to.", func(s runner.Stats) float64 { return float64(s.Turns) }),
		runs("gradlab_runs_held_bytes", "Memory that runs hold: in training, paused, parked and finished.", func(s runner.Stats) float64 { return float64(s.Held) }),
		runs("gradlab_runs_budget_bytes", "Memory that runs may hold.", func(s runner.Stats) float64 { return float64(s.Budget) }),
		total("gradlab_runs_evicted_parked_total", "Runs that nobody followed and whose memory was needed.", func(s runner.Stats) int { return s.EvictedParked }),
		total("gradlab_runs_evicted_finished_total", "Finished runs that were given up.", func(s runner.Stats) int { return s.EvictedFinished }),
		total("gradlab_runs_shed_total", "Paused runs that gave up what only a step needs.", func(s runner.Stats) int { return s.Shed }),
		total("gradlab_runs_restarted_total", "Paused runs whose memory was needed and that began again.", func(s runner.Stats) int { return s.Restarted }),
		total("gradlab_runs_refused_total", "Runs that were refused: too large, too many of one visitor, or too many in all.", func(s runner.Stats) int { return s.Refused }),
	)
	m.registry.MustRegister(m.requests, m.took, m.opened, m.handedIn, m.wrongSecrets, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gradlab_class_streams", Help: "Open event streams of classes."}, func() float64 { return float64(s.class.OpenStreams()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gradlab_classes_watched", Help: "Classes that somebody follows now."}, func() float64 { return float64(s.class.Watched()) }))
	m.registry.MustRegister(s.Collectors...)
	return m
}

func (m *metrics) Opened()                 { m.opened.Inc() }
func (m *metrics) HandedIn(what string)    { m.handedIn.WithLabelValues(what).Inc() }
func (m *metrics) WrongSecret(what string) { m.wrongSecrets.WithLabelValues(what).Inc() }

// handler is /metrics, for who has the token where there is one.
func (m *metrics) handler(token string) http.Handler {
	read := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	if token == "" {
		return read
	}
	want := sha256.Sum256([]byte("Bearer " + token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get("Authorization"))) // of one length, whatever came
		if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "the metrics take a token", http.StatusUnauthorized)
			return
		}
		read.ServeHTTP(w, r)
	})
}

// measured counts requests by their route.
func (m *metrics) measured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, ww := time.Now(), middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			route := "none"
			if c := chi.RouteContext(r.Context()); c != nil && c.RoutePattern() != "" {
				route = c.RoutePattern()
			}
			m.requests.WithLabelValues(route, strconv.Itoa(ww.Status())).Inc()
			if ww.Header().Get("Content-Type") != "text/event-stream" {
				m.took.WithLabelValues(route).Observe(time.Since(start).Seconds())
			}
		}()
		next.ServeHTTP(ww, r)
	})
}
