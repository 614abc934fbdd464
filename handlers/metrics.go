package handlers

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
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
	m.registry.MustRegister(m.requests, m.took, m.opened, m.handedIn, m.wrongSecrets, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gradlab_class_streams", Help: "Open event streams of classes."}, func() float64 { return float64(s.limits.openStreams()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gradlab_classes_watched", Help: "Classes that somebody follows now."}, func() float64 { return float64(s.hub.Watched()) }))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
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
