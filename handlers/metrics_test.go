package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Metrics that have an address of their own are at no other, and take their token there.
func TestMetricsApart(t *testing.T) {
	var apart http.Handler
	site := newSite(t, func(c *Config) { c.MetricsToken = "a token" })
	site.Server.Config.Handler, apart = NewApart(site.config)
	for header, want := range map[string]int{"": 401, "Bearer a token": 200} {
		if got := site.do(t, site.client(t), "GET", "/metrics", nil, "Authorization", header); got.status != 404 {
			t.Errorf("Authorization %q at the site: %d, want 404", header, got.status)
		}
		for path, status := range map[string]int{"/metrics": want, "/": 404, "/labs/chain": 404} {
			r, w := httptest.NewRequest("GET", path, nil), httptest.NewRecorder()
			r.Header.Set("Authorization", header)
			if apart.ServeHTTP(w, r); w.Code != status {
				t.Errorf("Authorization %q at %s of their own address: %d, want %d", header, path, w.Code, status)
			}
			if w.Code == 200 && !strings.Contains(w.Body.String(), `gradlab_http_requests_total{route="none",status="404"}`) {
				t.Error("they are not this site's metrics")
			}
		}
	}
}

// Where there is a token, nobody reads the metrics without it.
func TestMetricsTakeAToken(t *testing.T) {
	site := newSite(t, func(c *Config) { c.MetricsToken = "a token" })
	for header, want := range map[string]int{"": 401, "Bearer": 401, "Bearer a": 401, "bearer a token": 401, "Basic a token": 401, "Bearer a token": 200} {
		got := site.do(t, site.client(t), "GET", "/metrics", nil, "Authorization", header)
		if got.status != want || (want == http.StatusUnauthorized) != (got.header.Get("WWW-Authenticate") == "Bearer") {
			t.Errorf("Authorization %q: %d %v, want %d", header, got.status, got.header, want)
		}
	}
}
